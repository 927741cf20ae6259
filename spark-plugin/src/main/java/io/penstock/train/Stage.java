package io.penstock.train;

import io.penstock.nn.ArrayPool;
import io.penstock.nn.Backward;
import io.penstock.nn.Forward;
import io.penstock.nn.Lease;
import io.penstock.nn.Parameters;
import io.penstock.nn.Pass;
import io.penstock.nn.Sequential;
import io.penstock.nn.Updater;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A run of consecutive layers with their parameters, gradients, updater state and the activations
 * of the micro-batches in flight. Not thread-safe: one thread walks a stage.
 */
public final class Stage {
  /** What the layers leave for their backward: closures, and later their outputs' gradients. */
  private static final class Stash {
    final Lease memory;
    final Backward[] layers;
    final INDArray[] outputGradients;

    Stash(int layers, Lease memory) {
      this.memory = memory;
      this.layers = new Backward[layers];
      this.outputGradients = new INDArray[layers];
    }
  }

  private final Sequential network;
  private final int first;
  private final int end;
  private final long seed;
  private final ArrayPool pool;
  private final List<Parameters> parameters = new ArrayList<>();
  private final List<Parameters> gradients = new ArrayList<>();
  private final List<Updater.State> updaters = new ArrayList<>();
  private final Map<Integer, Stash> inFlight = new HashMap<>();
  private final Map<Integer, Stash> awaitingWeightGradient = new HashMap<>();
  private int nextWeightGradient;

  /**
   * Makes layers {@code first} (inclusive) to {@code end} (exclusive) of the network, their weights
   * born here from the seed.
   *
   * @param pool where activations come from and go back to; of this thread
   */
  public Stage(Sequential network, int first, int end, Updater updater, long seed, ArrayPool pool) {
    this.network = network;
    this.first = first;
    this.end = end;
    this.seed = seed;
    this.pool = pool;
    for (int layer = first; layer < end; layer++) {
      Parameters own = Parameters.initial(network.parameters(layer), seed, layer);
      parameters.add(own);
      gradients.add(Parameters.zeros(network.parameters(layer)));
      updaters.add(updater.newState(own));
    }
  }

  /**
   * Forward of one micro-batch through all layers, which is stashed until its backward is done.
   *
   * @param input rows first; the stage's own from here on, freed at the end of the backward
   * @return the output, rows first; read-only, and the stage's until the end of the backward
   */
  public INDArray forward(long step, int microBatch, INDArray input) {
    Stash stash = new Stash(end - first, pool.lease());
    stash.memory.own(input);
    INDArray x = first == 0 ? network.shaped(input) : input;
    for (int layer = first; layer < end; layer++) {
      Pass pass = new Pass(true, seed, layer, step, microBatch, stash.memory);
      Forward done = network.layers().get(layer).forward(x, parameters.get(layer - first), pass);
      stash.layers[layer - first] = done.backward();
      x = done.output();
    }
    inFlight.put(microBatch, stash);
    return x;
  }

  /**
   * Forward of one micro-batch that no backward will follow: nothing is stashed, nothing random.
   *
   * @param input rows first; the stage's own from here on
   * @return the output, rows first; the caller's own
   */
  public INDArray infer(INDArray input) {
    try (Lease memory = pool.lease()) {
      memory.own(input);
      return memory.letGo(infer(input, memory));
    }
  }

  private INDArray infer(INDArray input, Lease memory) {
    INDArray x = first == 0 ? network.shaped(input) : input;
    for (int layer = first; layer < end; layer++) {
      Parameters own = parameters.get(layer - first);
      x = network.layers().get(layer).forward(x, own, Pass.inference(layer, memory)).output();
    }
    return x;
  }

  /**
   * The input-gradient half of the backward.
   *
   * @param outputGradient the stage's own from here on, freed at the end of the backward
   * @return the gradient of the stage's input, the caller's own; null for the network's first
   *     layer, whose input nobody can change
   */
  public INDArray inputGradient(int microBatch, INDArray outputGradient) {
    Stash stash = inFlight.remove(microBatch);
    if (stash == null) {
      throw new IllegalStateException("Backward of micro-batch " + microBatch + " has no forward");
    }
    stash.memory.own(outputGradient);
    INDArray gradient = outputGradient;
    for (int i = end - first - 1; i >= 0; i--) {
      stash.outputGradients[i] = gradient;
      gradient = first + i == 0 ? null : stash.layers[i].inputGradient(gradient);
    }
    awaitingWeightGradient.put(microBatch, stash);
    return gradient == null ? null : stash.memory.letGo(gradient);
  }

  /**
   * The weight-gradient half, which frees the activations. Gradients are summed in ascending
   * micro-batch order, whatever order the schedule has for the rest, for sums must not depend on
   * it.
   *
   * @throws IllegalStateException if it is not this micro-batch's turn
   */
  public void weightGradient(int microBatch) {
    Stash stash = awaitingWeightGradient.remove(microBatch);
    if (stash == null) {
      throw new IllegalStateException("W of micro-batch " + microBatch + " comes before its I");
    }
    if (microBatch != nextWeightGradient) {
      throw new IllegalStateException(
          "W of micro-batch " + microBatch + " comes before that of " + nextWeightGradient);
    }
    nextWeightGradient++;
    for (int i = 0; i < end - first; i++) {
      if (gradients.get(i).size() > 0) {
        stash.layers[i].weightGradient(stash.outputGradients[i], gradients.get(i));
      }
    }
    stash.memory.close();
  }

  /**
   * Ends a mini-batch: updates the weights from the summed gradients and the statistics from their
   * sums, and clears both.
   *
   * @param step steps done before this one, over all epochs
   * @param epoch epochs done before this one
   */
  public void update(int step, int epoch) {
    if (!inFlight.isEmpty() || !awaitingWeightGradient.isEmpty()) {
      throw new IllegalStateException(
          "Update with backward passes open: " + inFlight.keySet() + awaitingWeightGradient);
    }
    for (int i = 0; i < end - first; i++) {
      updaters.get(i).apply(parameters.get(i), gradients.get(i), step, epoch);
      network.layers().get(first + i).updateStatistics(parameters.get(i), gradients.get(i));
      gradients.get(i).clear();
    }
    nextWeightGradient = 0;
  }

  /** Returns the parameters of one of this stage's layers, counted from the network's first. */
  public Parameters parameters(int layer) {
    return parameters.get(layer - first);
  }

  /** Returns the gradients summed so far of one of this stage's layers. */
  public Parameters gradients(int layer) {
    return gradients.get(layer - first);
  }

  /** Returns the network's index of this stage's first layer. */
  public int first() {
    return first;
  }

  /** Returns the network's index after this stage's last layer. */
  public int end() {
    return end;
  }

  /** Returns the number of micro-batches whose activations are held now. */
  public int held() {
    return inFlight.size() + awaitingWeightGradient.size();
  }
}
