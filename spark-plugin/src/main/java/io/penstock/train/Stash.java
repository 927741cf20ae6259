package io.penstock.train;

import io.penstock.nn.Backward;
import io.penstock.nn.Lease;
import io.penstock.nn.Places;
import io.penstock.nn.Skip;
import java.util.HashMap;
import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * What a stage holds of one micro-batch from its forward to the end of its backward: the input and
 * what other stages saved for it, which stay, and what its layers made, which can be made again.
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

  /** Of what the layers make. */
  Lease memory;

  private final Lease inputs;

  /**
   * @param input owned from here on
   * @param places of the network's sequences that are padding
   * @param saved owned from here on
   * @param inputs a lease of nothing yet
   */
  Stash(
      long step,
      INDArray input,
      Places places,
      Map<Skip, INDArray> saved,
      int layers,
      Lease inputs) {
    this.step = step;
    this.input = input;
    this.places = places;
    this.saved = new HashMap<>(saved);
    this.layers = new Backward[layers];
    this.outputGradients = new INDArray[layers];
    this.inputs = inputs;
    inputs.own(input);
    saved.values().forEach(inputs::own);
  }

  /** Takes charge of an array that other stages made. */
  void own(INDArray array) {
    inputs.own(array);
  }

  /** Excepts an array, or what it is a view of, from all that is freed. */
  INDArray letGo(INDArray array) {
    return inputs.letGo(memory.letGo(array));
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
