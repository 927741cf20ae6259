package io.penstock.train;

import io.penstock.Internal;
import io.penstock.array.NativeArrays;
import io.penstock.checkpoint.LayerState;
import io.penstock.compute.Compute;
import io.penstock.compute.Workspace;
import io.penstock.nn.Parameters;
import io.penstock.nn.network.Sequential;
import io.penstock.nn.update.Updater;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Weights of a stage's layers with their gradients and the optimizer's state, and a copy of the
 * weights that they share with layers of earlier stages. Not thread-safe: for the rank's thread.
 */
@Internal
public final class StageWeights implements AutoCloseable {
  private final Sequential network;
  private final int first;
  private final int end;

  /** Weights by the layer that owns them; those of other stages are copies. */
  private final Map<Integer, Parameters> parameters = new TreeMap<>();

  private final Workspace pool;
  private final GradientSums gradients;
  private final NavigableMap<Integer, Updater.State> updaters = new TreeMap<>();

  /** Layers that own their weights. */
  private final SortedSet<Integer> owned = new TreeSet<>();

  /** Weights of this stage's own layers, as they were when {@link #keep} was called last. */
  private final Map<Integer, INDArray> kept = new TreeMap<>();

  /**
   * Makes the weights of layers {@code first} (inclusive) to {@code end} (exclusive) of the
   * network, drawn from the seed.
   */
  public StageWeights(Sequential network, int first, int end, Updater updater, long seed) {
    this(network, first, end, updater, seed, InitialState.BORN);
  }

  /**
   * Makes the weights of layers {@code first} (inclusive) to {@code end} (exclusive) of the
   * network, of which some may be given.
   *
   * @throws IllegalArgumentException if those are not as many as the layer has
   */
  public StageWeights(
      Sequential network, int first, int end, Updater updater, long seed, InitialState initial) {
    this(
        network,
        first,
        end,
        updater,
        seed,
        initial,
        1,
        new LayerRoom(Retention.ALL, network, IntStream.range(first, end), new Workspace()),
        layer -> true);
  }

  /**
   * Makes the weights of layers of which other replicas may hold the optimizer state.
   *
   * @param groups gradient groups that this rank sums by itself
   * @param room for gradients and packed copies that are not retained; it stays the caller's
   * @param here whether a layer's update is this rank's, and so is its optimizer state
   */
  StageWeights(
      Sequential network,
      int first,
      int end,
      Updater updater,
      long seed,
      InitialState initial,
      int groups,
      LayerRoom room,
      IntPredicate here) {
    this.pool = room.pool();
    this.gradients = room.sums(groups);
    this.network = network;
    this.first = first;
    this.end = end;
    for (int layer = first; layer < end; layer++) {
      int owner = network.owner(layer);
      Parameters used =
          parameters.computeIfAbsent(
              owner, own -> initial.parameters(network, own, seed).movedTo(pool.device().memory()));
      room.pack(used);
      gradients.add(layer, used.specs());
      if (owner == layer) {
        owned.add(layer);
        if (here.test(layer)) {
          updaters.put(layer, updater.newState(used));
        }
        if (initial.hasBest(layer)) {
          keep(layer);
        }
        initial.restore(layer, state(layer));
      }
    }
  }

  /** Returns the weights that a layer of this stage uses: its own, or those it is tied to. */
  public Parameters of(int layer) {
    return parameters.get(network.owner(layer));
  }

  /** Returns the gradients summed so far of a layer of this stage. */
  public Parameters gradients(int layer) {
    return gradients.of(layer);
  }

  /** Returns the gradients of this stage's layers. */
  GradientSums sums() {
    return gradients;
  }

  /** Returns whether a layer uses the weights of another one. */
  boolean isTied(int layer) {
    return network.owner(layer) != layer;
  }

  /**
   * Returns the gradients, by layer, of the layers that this rank has summed over replicas and tied
   * weights, to update them.
   */
  Map<Integer, Parameters> summedGradients() {
    Map<Integer, Parameters> own = new TreeMap<>(gradients.all());
    own.keySet().retainAll(updaters.keySet());
    return own;
  }

  /** Returns the state of the layers that own their weights, by layer, live. */
  NavigableMap<Integer, LayerState> states() {
    NavigableMap<Integer, LayerState> states = new TreeMap<>();
    owned.forEach(layer -> states.put(layer, state(layer)));
    return states;
  }

  private LayerState state(int layer) {
    Updater.State updater = updaters.get(layer);
    INDArray optimizer = updater == null ? Nd4j.empty(of(layer).flat().dataType()) : updater.flat();
    return new LayerState(of(layer), optimizer, Optional.ofNullable(kept.get(layer)));
  }

  /** Adds the gradient of a layer that is tied to one of this stage. */
  void addGradient(int owner, INDArray gradient) {
    INDArray sum = gradients.of(owner).flat();
    pool.compute(sum).rows().add(sum, gradient, sum);
  }

  /** Takes over the weights of a layer of another stage. */
  void replace(int owner, INDArray weights) {
    Parameters copy = parameters.get(owner);
    NativeArrays.copy(weights, copy.flat());
    copy.changed();
  }

  /**
   * Updates the weights of this stage's own layers from the summed gradients, and their statistics
   * from what was summed for them; then their gradients are zero, for the next mini-batch. Layers
   * whose update is another replica's keep theirs until they are {@linkplain #replace replaced}.
   *
   * @param step steps done before this one, over all epochs
   * @param epoch epochs done before this one
   * @param watch looks at the numbers before and after
   * @param pool what this thread computes with
   * @throws DivergedException if some are not finite, naming the last layer that has such
   */
  void update(int step, int epoch, NumberWatch watch, Workspace pool) {
    // As the backward goes, so that the layer named is where a gradient went bad first. All that
    // is to do with a layer's numbers is done beside its update, while they lie in the processor's
    // cache.
    updaters.descendingKeySet().forEach(layer -> update(layer, step, epoch, watch, pool));
    gradients
        .all()
        .forEach(
            (layer, gradient) -> {
              if (isTied(layer)) {
                gradient.clear(); // it went to the layer that owns the weights
              }
            });
  }

  /**
   * Updates one layer, whose update is this rank's, as {@link #update(int, int, NumberWatch,
   * Workspace)} does all.
   */
  void update(int layer, int step, int epoch, NumberWatch watch, Workspace pool) {
    Parameters own = parameters.get(layer);
    Parameters gradient = gradients.of(layer);
    Updater.State updater = updaters.get(layer);
    boolean squares = watch.gradient(layer, gradient);
    Compute compute = pool.compute(own.flat().dataType());
    updater.apply(own, gradient, step, epoch, compute);
    network.layers().get(layer).updateStatistics(own, gradient, compute);
    watch.weights(layer, own);
    if (!squares) {
      watch.state(layer, updater);
    }
    own.renew();
    gradient.clear();
  }

  /** Sets all gradients to zero, for the next mini-batch, and leaves the weights as they are. */
  void clearGradients() {
    gradients.clear();
  }

  /**
   * Looks at the gradients of layers that own their weights, as {@link #update} would.
   *
   * @param watch remembers the first that are not finite
   * @param clipped whether they will be clipped by their norm, so that they may be of any size
   */
  void checkOwn(StepWatch watch, boolean clipped) {
    for (int layer : updaters.descendingKeySet()) {
      watch.gradient(layer, gradients.of(layer), clipped);
    }
  }

  /**
   * Looks at the gradients of layers that use the weights of others, before they go there.
   *
   * @throws DivergedException if some are not finite, and that ends the run
   */
  void checkTied(StepWatch watch) {
    gradients
        .all()
        .forEach(
            (layer, gradient) -> {
              if (isTied(layer)) {
                watch.gradient(layer, gradient, true);
              }
            });
  }

  /** Keeps a copy of the weights and statistics as they are now, in place of an earlier one. */
  void keep() {
    owned.forEach(this::keep);
  }

  private void keep(int layer) {
    INDArray now = of(layer).flat();
    if (now.length() > 0) {
      NativeArrays.copy(now, kept.computeIfAbsent(layer, own -> NativeArrays.like(now)));
    }
  }

  /** Goes back to what was kept, if anything was. */
  void restore() {
    kept.forEach(
        (layer, values) -> {
          NativeArrays.copy(values, of(layer).flat());
          of(layer).changed();
        });
  }

  /**
   * Returns the weights and statistics of this stage's own layers, by layer, live, without those
   * that learn nothing.
   */
  public SortedMap<Integer, Parameters> own() {
    SortedMap<Integer, Parameters> own = new TreeMap<>();
    for (int layer = first; layer < end; layer++) {
      if (network.owner(layer) == layer && of(layer).size() > 0) {
        own.put(layer, of(layer));
      }
    }
    return own;
  }

  /**
   * Frees the memory at once, where the garbage collector would do so some time: an executor may
   * have the next run's weights to hold. Nothing of these may be used any more.
   */
  @Override
  public void close() {
    parameters.values().forEach(Parameters::close);
    gradients.close();
    updaters.values().forEach(Updater.State::close);
    kept.values().forEach(NativeArrays::release);
  }
}
