package io.penstock.train;

import io.penstock.Internal;
import io.penstock.array.Loan;
import io.penstock.compute.Memory;
import io.penstock.compute.Workspace;
import io.penstock.nn.Parameters;
import io.penstock.nn.Pass;
import io.penstock.nn.Places;
import io.penstock.nn.Skip;
import io.penstock.nn.Watch;
import io.penstock.nn.network.ForwardPass;
import io.penstock.nn.network.HiddenNumbers;
import io.penstock.nn.network.Sequential;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntConsumer;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A run of consecutive layers with the activations of the micro-batches in flight. Not thread-safe:
 * for the rank's thread.
 *
 * <p>Of a micro-batch, a stage holds all that came in and all that its layers made until the weight
 * gradient is done: only a layer knows what of it that half reads. What leaves a stage, leaves as a
 * {@link Loan}: the receiver reads it for as long as it needs, and the memory is freed when both
 * sides are done, whether or not layers handed an array through or kept one that they returned.
 */
@Internal
public final class Stage implements AutoCloseable {
  private final Sequential network;
  private final int first;
  private final int end;
  private final long seed;
  private final boolean training;
  private final Workspace pool;
  private final StageWeights weights;
  private final ForwardPass layers;
  private final HiddenNumbers hidden;
  private final NumberLooks looks;
  private final Skip[] skips;
  private final Stashes inFlight = new Stashes();
  private final Stashes awaitingWeightGradient = new Stashes();

  /** Micro-batches, ascending, whose weight gradients are done with the mini-batch's last one. */
  private final List<Stash> awaitingLast = new ArrayList<>();

  private final Deque<Stash> spare = new ArrayDeque<>();
  private final WeightGradientTurns turns = new WeightGradientTurns();

  /**
   * Makes a stage of layers {@code first} (inclusive) to {@code end} (exclusive) of the network.
   *
   * @param weights of these layers
   * @param seed keys what is random in a pass
   * @param training false when nothing will be done backward: then nothing is random
   * @param pool where activations come from and go back to; of this thread
   */
  public Stage(
      Sequential network,
      int first,
      int end,
      StageWeights weights,
      long seed,
      boolean training,
      Workspace pool) {
    this.network = network;
    this.first = first;
    this.end = end;
    this.weights = weights;
    this.layers = new ForwardPass(network, first, end, weights::of);
    this.hidden = new HiddenNumbers(network, first, end);
    this.looks = new NumberLooks(pool);
    this.seed = seed;
    this.training = training;
    this.pool = pool;
    this.skips = network.skips().toArray(Skip[]::new);
  }

  /**
   * Begins a mini-batch; without it, it is one of a single gradient group that begins with
   * micro-batch 0.
   *
   * @param share micro-batches that this stage does
   * @param microBatches of the mini-batch, from whichever replica
   */
  void begin(MicroBatchShare share, int microBatches) {
    turns.begin(share.first(), weights.sums().groupEnds(microBatches));
  }

  /**
   * Does the forward of one micro-batch of rows without padding, or of a stage that has the input
   * itself.
   */
  public INDArray forward(long step, int microBatch, Loan input, Map<Skip, Loan> saved) {
    Places places = first == 0 ? network.places(input.array()) : Places.ALL;
    return forward(step, microBatch, input, places, null, saved);
  }

  /**
   * Does the forward of one micro-batch through all layers, whose activations are stashed until its
   * backward is done, or it is {@link #drop}ped.
   *
   * @param input rows first; the stage closes the loan when its micro-batch is done
   * @param places of the network's sequences that are padding
   * @param labels of the rows, where a layer of this stage asks for them, else null; closed by the
   *     stage as well
   * @param saved what earlier stages saved for layers of this one; closed by the stage as well
   * @return the output, rows first; read-only, and the stage's until the end of the backward
   */
  public INDArray forward(
      long step, int microBatch, Loan input, Places places, Loan labels, Map<Skip, Loan> saved) {
    Stash stash = spare.isEmpty() ? newStash() : spare.pop();
    stash.begin(step, input, places, labels, saved);
    inFlight.put(microBatch, stash);
    return run(microBatch, stash);
  }

  /**
   * Gives back the activations of a forward that will be done again, or that no backward follows.
   * The input is kept.
   */
  public void drop(int microBatch) {
    inFlight.get(microBatch).drop();
  }

  /** Recomputes a forward whose activations were {@link #drop}ped, bit for bit. */
  public void recompute(int microBatch) {
    run(microBatch, inFlight.get(microBatch));
  }

  /**
   * Sends what is kept of a {@link #drop}ped forward to disk.
   *
   * @throws InterruptedException if the rank is to end
   */
  void offload(int microBatch, Offload disk) throws InterruptedException {
    inFlight.get(microBatch).offload(disk);
  }

  /** Asks the disk for what is kept of a forward; does not wait. */
  void prefetch(int microBatch, Offload disk) {
    inFlight.get(microBatch).prefetch(disk);
  }

  /**
   * Waits for what is on disk of a forward, if anything is.
   *
   * @throws InterruptedException if the rank is to end
   */
  void restore(int microBatch, Offload disk) throws InterruptedException {
    inFlight.get(microBatch).restore(disk);
  }

  /** Ends a micro-batch that no backward follows. */
  public void forget(int microBatch) {
    done(inFlight.remove(microBatch));
  }

  private INDArray run(int microBatch, Stash stash) {
    looks.begin();
    Pass pass = pass(microBatch, stash, stash.memory);
    stash.output = layers.run(stash.input, stash.saved, pass, stash.visitor);
    return stash.output;
  }

  private Stash newStash() {
    Stash stash = new Stash(end - first, pool);
    stash.visitor = new StashingVisitor(stash, first, hidden, looks, pool.isOnDevice());
    return stash;
  }

  /**
   * Returns the pass of a micro-batch in flight, for a caller that does it once more beside it.
   *
   * @param memory the caller's
   */
  Pass pass(int microBatch, Memory memory) {
    return pass(microBatch, inFlight.get(microBatch), memory);
  }

  private Pass pass(int microBatch, Stash stash, Memory memory) {
    return new Pass(
        training,
        seed,
        first,
        stash.step,
        microBatch,
        stash.places,
        stash.labels,
        memory,
        Watch.NOBODY);
  }

  /**
   * Returns the looks at the numbers of the forward or the input gradient that was done last: at
   * those that layers, or some within them, may have hidden.
   */
  NumberLooks looks() {
    return looks;
  }

  /** Returns the output of a micro-batch in flight, as {@link #forward} does. */
  public INDArray output(int microBatch) {
    return inFlight.get(microBatch).output;
  }

  /** Returns what a layer of this stage saved; read-only, the stage's until it is dropped. */
  public INDArray saved(int microBatch, Skip skip) {
    return inFlight.get(microBatch).saved.get(skip);
  }

  /**
   * Does the input-gradient half of the backward.
   *
   * @param outputGradient the stage closes the loan at the end of the backward
   * @param savedGradients of what layers of this stage saved for later stages; closed by the stage
   *     too
   * @return the gradient of the stage's input, for the caller to close: it may be read after the
   *     weight gradient, and is not freed before; null for the network's first layer, whose input
   *     nobody can change
   */
  public Loan inputGradient(int microBatch, Loan outputGradient, Map<Skip, Loan> savedGradients) {
    Stash stash = inFlight.remove(microBatch);
    if (stash == null) {
      throw new IllegalStateException("Backward of micro-batch " + microBatch + " has no forward");
    }
    awaitingWeightGradient.put(microBatch, stash); // to be freed even if this fails
    looks.begin();
    stash.holdGradients(savedGradients);
    INDArray gradient = stash.hold(outputGradient);
    for (int i = end - first - 1; i >= 0; i--) {
      gradient = withSkips(first + i, gradient, stash);
      stash.outputGradients[i] = gradient;
      if (hidden.mayBeBehind(first + i)) {
        looks.at(gradient);
      }
      gradient = first + i == 0 ? null : stash.layers[i].inputGradient(gradient);
    }
    return gradient == null ? null : stash.lend(gradient);
  }

  /**
   * Returns the gradient of a layer's output: where it is saved, what comes back over each skip is
   * added, in ascending order of their ends; where a skip ends, it is what goes back over it.
   */
  private INDArray withSkips(int layer, INDArray outputGradient, Stash stash) {
    INDArray gradient = outputGradient;
    for (Skip skip : skips) {
      if (skip.from() == layer) {
        INDArray own = stash.memory.dense(gradient);
        INDArray sum = stash.memory.like(own);
        INDArray back = stash.memory.dense(stash.savedGradients.get(skip));
        stash.memory.compute(own).rows().add(own, back, sum);
        gradient = sum;
      }
    }
    for (Skip skip : skips) {
      if (skip.to() == layer) {
        stash.savedGradients.put(skip, gradient);
      }
    }
    return gradient;
  }

  /**
   * Returns the gradient of what an earlier stage saved for this one, once the input gradient is
   * there; read-only, and the stage's until the weight gradient.
   */
  public INDArray savedGradient(int microBatch, Skip skip) {
    return awaitingWeightGradient.get(microBatch).savedGradients.get(skip);
  }

  /**
   * Returns the gradient of the output of one of this stage's layers, once the input gradient is
   * there; read-only, and the stage's until the weight gradient.
   */
  INDArray outputGradient(int microBatch, int layer) {
    return awaitingWeightGradient.get(microBatch).outputGradients[layer - first];
  }

  /**
   * Does the weight-gradient half of the backward, which frees the activations. Gradients are
   * summed in ascending micro-batch order, whatever order the schedule has for the rest, for sums
   * must not depend on it. Where one layer's gradient is there at a time, it is left to {@link
   * #lastWeightGradient}.
   *
   * @throws IllegalStateException if it is not this micro-batch's turn
   */
  public void weightGradient(int microBatch) {
    Stash stash = inTurnForWeightGradient(microBatch);
    if (weights.sums().areInTurn()) {
      awaitingLast.add(awaitingWeightGradient.remove(microBatch));
      return;
    }
    for (int layer = first; layer < end; layer++) {
      weightGradient(stash, layer);
    }
    done(awaitingWeightGradient.remove(microBatch));
    turns.end(microBatch, weights.sums());
  }

  /**
   * Does the last weight gradient of a mini-batch, from the last layer to the first: replicas can
   * exchange a layer's gradient while those before it are computed. Where one layer's gradient is
   * there at a time, it does those of the micro-batches before too.
   *
   * @param complete told of every layer whose gradient is complete
   */
  void lastWeightGradient(int microBatch, IntConsumer complete) {
    inTurnForWeightGradient(microBatch);
    awaitingLast.add(awaitingWeightGradient.remove(microBatch));
    for (int layer = end - 1; layer >= first; layer--) {
      for (Stash stash : awaitingLast) {
        weightGradient(stash, layer);
      }
      complete.accept(layer);
    }
    awaitingLast.forEach(this::done);
    awaitingLast.clear();
  }

  private void weightGradient(Stash stash, int layer) {
    Parameters gradients = weights.gradients(layer);
    if (gradients.size() > 0) {
      int at = layer - first;
      stash.layers[at].weightGradient(stash.outputGradients[at], gradients);
    }
  }

  private Stash inTurnForWeightGradient(int microBatch) {
    Stash stash = awaitingWeightGradient.get(microBatch);
    if (stash == null) {
      throw new IllegalStateException("W of micro-batch " + microBatch + " comes before its I");
    }
    turns.take(microBatch);
    return stash;
  }

  /** Frees what was stashed, for another micro-batch. */
  private void done(Stash stash) {
    stash.close();
    spare.push(stash);
  }

  /**
   * Ends a mini-batch, before its update.
   *
   * @throws IllegalStateException if a backward is not done
   */
  public void endMiniBatch() {
    if (held() > 0) {
      Set<Integer> open = inFlight.microBatches();
      open.addAll(awaitingWeightGradient.microBatches());
      throw new IllegalStateException("Update with backward passes open: " + open);
    }
    turns.begin(0, new int[0]);
  }

  /** Returns the weights of this stage's layers. */
  public StageWeights weights() {
    return weights;
  }

  /** Returns the network's index of this stage's first layer. */
  public int first() {
    return first;
  }

  /** Returns the network's index after this stage's last layer. */
  public int end() {
    return end;
  }

  /** Returns whether this stage's input are token ids, which the host reads. */
  boolean takesIds() {
    return takesIds(network, first);
  }

  /** Returns whether the input of a stage that begins with a layer are token ids. */
  static boolean takesIds(Sequential network, int first) {
    return first == 0 && network.layers().get(0).tokenIds().isPresent();
  }

  /** Returns whether a layer of this stage asks for the labels of its rows. */
  public boolean asksLabels() {
    return network.asksLabels(first, end);
  }

  /** Returns whether a layer, by its index in the network, is one of this stage's. */
  public boolean holds(int layer) {
    return first <= layer && layer < end;
  }

  /** Returns the number of micro-batches of which activations, or the input, are held now. */
  public int held() {
    return inFlight.count() + awaitingWeightGradient.count() + awaitingLast.size();
  }

  /** Gives back what is stashed of micro-batches that are not done; the weights stay. */
  @Override
  public void close() {
    inFlight.removeAll().forEach(Stash::close);
    awaitingWeightGradient.removeAll().forEach(Stash::close);
    awaitingLast.forEach(Stash::close);
    awaitingLast.clear();
    looks.close();
  }
}
