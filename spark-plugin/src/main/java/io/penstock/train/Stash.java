package io.penstock.train;

import io.penstock.array.Loan;
import io.penstock.compute.MicroBatchArena;
import io.penstock.compute.Workspace;
import io.penstock.nn.Backward;
import io.penstock.nn.Places;
import io.penstock.nn.Skip;
import io.penstock.nn.network.ForwardPass;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Stash of one micro-batch from its forward to the end of its backward. For the rank's thread. It
 * holds the input and what other stages saved for it, which stay, and what its layers made, which
 * can be made again. None of it is freed or used again before {@link #close}, for only a layer
 * knows what of it the layer still reads. After that it holds nothing, and may hold another
 * micro-batch.
 */
final class Stash implements AutoCloseable {
  long step;
  INDArray input;
  Places places;

  /** Labels of the rows; null where no layer of the stage asks for them. */
  INDArray labels;

  /** Results of the layers for their backward, and later the gradients of their outputs. */
  final Backward[] layers;

  final INDArray[] outputGradients;

  /** Arrays of skip connections that begin or end in this stage. */
  final Map<Skip, INDArray> saved = new HashMap<>();

  final Map<Skip, INDArray> savedGradients = new HashMap<>();
  INDArray output;

  /** Visitor that stashes here what the layers make, in every micro-batch. */
  ForwardPass.Visitor visitor;

  /** Arena of the arrays that this stage's layers allocate. */
  final MicroBatchArena memory;

  private final MicroBatchArena inputs;
  private final Workspace pool;

  /** What is on disk of this; null if nothing is. */
  private OffloadedArrays offloaded;

  /** By array on disk, the skip that it came over; null for the input. */
  private final List<Skip> skips = new ArrayList<>();

  /**
   * Makes a stash that holds nothing yet.
   *
   * @param layers how many the stage has
   * @param pool of its arrays
   */
  Stash(int layers, Workspace pool) {
    this.layers = new Backward[layers];
    this.outputGradients = new INDArray[layers];
    this.memory = pool.arena();
    this.inputs = pool.arena();
    this.pool = pool;
  }

  /**
   * Begins a micro-batch.
   *
   * @param from held from here on
   * @param padding of the network's sequences
   * @param wanted labels of the rows; held from here on, null for none
   * @param sent what earlier stages saved; held from here on
   */
  void begin(long ofStep, Loan from, Places padding, Loan wanted, Map<Skip, Loan> sent) {
    step = ofStep;
    input = hold(from);
    places = padding;
    labels = wanted == null ? null : hold(wanted);
    hold(sent, saved);
  }

  /** Holds, too, the gradients of what layers of this stage saved for later ones. */
  void holdGradients(Map<Skip, Loan> sent) {
    hold(sent, savedGradients);
  }

  private void hold(Map<Skip, Loan> sent, Map<Skip, INDArray> arrays) {
    if (sent.isEmpty()) {
      return; // as nearly always: an iterator would be left on the heap
    }
    for (Map.Entry<Skip, Loan> each : sent.entrySet()) {
      arrays.put(each.getKey(), hold(each.getValue()));
    }
  }

  /** Holds an array that other stages made, too. */
  INDArray hold(Loan loan) {
    inputs.hold(loan);
    return loan.array();
  }

  /**
   * Lends an array that a layer made, of whatever memory, to a reader that is done with it before
   * this or after. An array that a layer took from elsewhere is copied: the layer may use it again.
   */
  Loan lend(INDArray array) {
    return memory
        .lend(array)
        .or(() -> inputs.lend(array))
        .orElseGet(() -> memory.lend(memory.copy(array)).orElseThrow());
  }

  /**
   * Sends what it was given to disk, where it was {@link #drop}ped: the input and what other stages
   * saved, as far as the disk takes such arrays.
   *
   * @throws InterruptedException if the rank is to end
   */
  void offload(Offload disk) throws InterruptedException {
    List<Loan> going = new ArrayList<>();
    for (Loan loan : inputs.handOver()) {
      boolean isInput = loan.array() == input; // which a layer may have saved as well
      Skip skip = isInput ? null : skipOf(loan.array());
      boolean goes = (isInput || skip != null) && Offload.takes(loan.array());
      if (goes) {
        going.add(loan);
        skips.add(skip);
      } else {
        inputs.hold(loan);
      }
    }
    for (Skip skip : skips) {
      if (skip == null) {
        input = null;
      } else {
        saved.remove(skip);
      }
    }
    offloaded = disk.write(going);
  }

  /** Returns the skip that an array came over; null if it is another. */
  private Skip skipOf(INDArray array) {
    for (Map.Entry<Skip, INDArray> each : saved.entrySet()) {
      if (each.getValue() == array) {
        return each.getKey();
      }
    }
    return null;
  }

  /** Asks the disk for what was {@linkplain #offload offloaded}; does not wait. */
  void prefetch(Offload disk) {
    disk.prefetch(offloaded);
  }

  /**
   * Holds again what was offloaded, if anything was; waits for it.
   *
   * @throws InterruptedException if the rank is to end
   */
  void restore(Offload disk) throws InterruptedException {
    if (offloaded == null) {
      return;
    }
    List<Loan> back = disk.take(offloaded);
    offloaded = null;
    for (int i = 0; i < back.size(); i++) {
      INDArray array = hold(pool.placed(back.get(i)));
      if (skips.get(i) == null) {
        input = array;
      } else {
        saved.put(skips.get(i), array);
      }
    }
    skips.clear();
  }

  /** Frees what the layers made. */
  void drop() {
    memory.close();
    output = null;
  }

  @Override
  public void close() {
    drop();
    inputs.close();
    input = null;
    labels = null;
    offloaded = null; // which the disk gives back itself
    skips.clear();
    saved.clear();
    savedGradients.clear();
    Arrays.fill(layers, null);
    Arrays.fill(outputGradients, null);
  }
}
