package io.penstock.train;

import io.penstock.array.Loan;
import io.penstock.compute.Lease;
import io.penstock.nn.Backward;
import io.penstock.nn.Places;
import io.penstock.nn.Skip;
import java.util.HashMap;
import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * What a stage holds of one micro-batch from its forward to the end of its backward: the input and
 * what other stages saved for it, which stay, and what its layers made, which can be made again.
 * None of it is freed or used again before {@link #close}, for nobody but a layer knows what of it
 * the layer still reads.
 */
final class Stash implements AutoCloseable {
  final long step;
  final INDArray input;
  final Places places;

  /** What the layers leave for their backward, and later the gradients of their outputs. */
  final Backward[] layers;

  final INDArray[] outputGradients;

  /** What goes over skip connections that begin or end in this stage. */
  final Map<Skip, INDArray> saved;

  final Map<Skip, INDArray> savedGradients = new HashMap<>();
  INDArray output;

  /** Whether a layer, or one within it, was given numbers that are not finite. */
  boolean hidesNumbers;

  /** Of what the layers make. */
  Lease memory;

  private final Lease inputs;

  /**
   * @param input held from here on
   * @param places of the network's sequences that are padding
   * @param saved held from here on
   * @param inputs a lease of nothing yet
   */
  Stash(long step, Loan input, Places places, Map<Skip, Loan> saved, int layers, Lease inputs) {
    this.step = step;
    this.input = input.array();
    this.places = places;
    this.saved = new HashMap<>();
    saved.forEach((skip, loan) -> this.saved.put(skip, loan.array()));
    this.layers = new Backward[layers];
    this.outputGradients = new INDArray[layers];
    this.inputs = inputs;
    inputs.hold(input);
    saved.values().forEach(inputs::hold);
  }

  /** Holds an array that other stages made, too. */
  INDArray hold(Loan loan) {
    inputs.hold(loan);
    return loan.array();
  }

  /**
   * Lends what a layer made, of whatever memory, to somebody who is done with it before this or
   * after. An array that a layer took from elsewhere is copied: the layer may use it again.
   */
  Loan lend(INDArray array) {
    return memory
        .lend(array)
        .or(() -> inputs.lend(array))
        .orElseGet(() -> memory.lend(memory.copy(array)).orElseThrow());
  }

  /** Frees what the layers made. */
  void drop() {
    memory.close();
    output = null;
  }

  @Override
  public void close() {
    memory.close();
    inputs.close();
  }
}
