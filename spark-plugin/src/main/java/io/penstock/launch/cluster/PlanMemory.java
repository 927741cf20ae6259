package io.penstock.launch.cluster;

import io.penstock.array.SpareMemory;
import io.penstock.balance.Cut;
import io.penstock.balance.HeldBytes;
import io.penstock.balance.LayerCosts;
import io.penstock.link.LinkPrecision;
import io.penstock.nn.network.Sequential;
import io.penstock.nn.update.Updater;
import io.penstock.schedule.MemoryPeaks;
import io.penstock.schedule.Schedule;
import io.penstock.schedule.StageSizes;
import io.penstock.train.LayerOwners;
import io.penstock.train.Replication;
import io.penstock.train.TrainingPlan;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntToLongFunction;
import java.util.stream.IntStream;

/** Native memory that the ranks of a plan take, in bytes. Not to be changed; any thread may ask. */
final class PlanMemory {
  /** Operations of a product from which on its weights are packed, on processors of any kind. */
  private static final long LEAST_PACKED = 2 * 8_192;

  /** Mini-batches that ranks are under way with at a time, at most: see {@link #activations}. */
  private static final int UNDER_WAY = 2;

  /**
   * What every rank has besides: the arrays of one number that operations make, the losses and
   * norms that ranks tell each other, chunks that weights are drawn in, and what the garbage
   * collector has not freed yet of all that.
   */
  static final long BASE = 2 * SpareMemory.RESERVE;

  private final TrainingPlan plan;
  private final Sequential network;
  private final Updater updater;
  private final Cut cut;
  private final LayerCosts costs;
  private final int ranks;

  PlanMemory(TrainingPlan plan) {
    this.plan = plan;
    this.network = plan.network();
    this.updater = Updater.fromJson(plan.updaterJson());
    this.cut = plan.cut();
    this.costs =
        LayerCosts.estimated(
            network, plan.rowsPerMicroBatch(), updater, plan.retention().gradients());
    this.ranks = plan.topology().pipelineRanks();
  }

  /**
   * Returns what the rank that needs most takes.
   *
   * @param validates whether there are validation rows, so that the best epoch's weights are kept
   * @param writesCheckpoints whether checkpoints are written, of a copy of all that they hold
   */
  long most(boolean validates, boolean writesCheckpoints) {
    int best = validates ? 1 : 0;
    int copies = best + (writesCheckpoints ? 1 + best : 0);
    long[] bytes = new long[ranks];
    for (long[] part :
        new long[][] {
          states(),
          activations(validates),
          packed(),
          scratch(),
          exchanged(),
          weights(layer -> copies * weight(layer)),
          weights(layer -> writesCheckpoints ? state(layer) : 0)
        }) {
      Arrays.setAll(bytes, rank -> bytes[rank] + part[rank]);
    }
    return BASE + Arrays.stream(bytes).max().orElseThrow();
  }

  /** Returns weights, gradients and optimizer state. */
  private long[] states() {
    long[] bytes = HeldBytes.states(plan.schedule(), cut, costs);
    if (!plan.retention().gradients()) {
      for (int rank = 0; rank < ranks; rank++) {
        bytes[rank] += layers(rank).mapToLong(this::gradient).max().orElse(0);
      }
    }
    if (plan.replication().shardsOptimizer()) {
      long[] all = weights(this::state);
      long[] own = mostOwned(this::state);
      Arrays.setAll(bytes, rank -> bytes[rank] - all[rank] + own[rank]);
    }
    return bytes;
  }

  /**
   * Returns what ranks hold of micro-batches and of the frames between them. Ranks train on one
   * mini-batch after the other, and one may begin the next while others end it; in validation the
   * first may be as far ahead.
   */
  private long[] activations(boolean validates) {
    long labels = labels();
    Set<Integer> labelled = new TreeSet<>();
    for (int stage = 0; stage < cut.stages(); stage++) {
      if (network.asksLabels(cut.first(stage), cut.end(stage))) {
        labelled.add(stage);
      }
    }
    StageSizes sizes = HeldBytes.sizes(cut, costs, labelled, labels);
    long[] bytes = MemoryPeaks.of(plan.schedule().inARow(UNDER_WAY), sizes);
    if (validates) {
      Schedule forwards =
          TrainingPlan.lowerAndVerify(
              plan.schedule().forwards().inARow(UNDER_WAY * plan.replication().replicas()));
      long[] validating = MemoryPeaks.of(forwards, sizes);
      Arrays.setAll(bytes, rank -> Math.max(bytes[rank], validating[rank]));
    }
    if (plan.linkPrecision() != LinkPrecision.FLOAT32) {
      // In half the bytes, one frame that goes and one that comes: a device has both at a time.
      long rounded = sizes.boundary().stream().mapToLong(one -> one).max().orElse(0);
      Arrays.setAll(bytes, rank -> bytes[rank] + rounded);
    }
    return bytes;
  }

  private long labels() {
    int outputs = network.layers().size();
    return (long) Float.BYTES
        * plan.rowsPerMicroBatch()
        * network.loss().labelWidth(network.shape(outputs));
  }

  /**
   * Returns what packed weights take: a copy for the forward and one for the input gradient, which
   * the first layer has not, of each layer that is large enough for them; or the largest of these
   * where none is kept.
   */
  private long[] packed() {
    boolean kept = plan.retention().packed();
    long[] bytes = new long[ranks];
    for (int rank = 0; rank < ranks; rank++) {
      IntStream large =
          layers(rank)
              .filter(layer -> plan.rowsPerMicroBatch() * network.flops(layer) >= LEAST_PACKED);
      bytes[rank] =
          kept
              ? large.mapToLong(layer -> (layer == 0 ? 1 : 2) * gradient(layer)).sum()
              : large.mapToLong(this::gradient).max().orElse(0);
    }
    return bytes;
  }

  /**
   * Returns what kernels lay out in an order of their own, of the layer that takes most, for all
   * share it. A filter is small beside what is {@linkplain #packed counted} of it.
   */
  private long[] scratch() {
    long[] bytes = new long[ranks];
    Arrays.setAll(
        bytes,
        rank ->
            layers(rank)
                .mapToLong(
                    layer ->
                        Float.BYTES
                            * network.layers().get(layer).scratchFloats(network.shape(layer)))
                .map(row -> plan.rowsPerMicroBatch() * row)
                .max()
                .orElse(0));
    return bytes;
  }

  /**
   * Returns what the exchange of gradients takes: their sum over groups; with replicas the parts
   * that have come from others, one being added, the sums that go to others and those, or the
   * weights, that come from them; of tied weights, gradients and weights that travel.
   */
  private long[] exchanged() {
    Replication replication = plan.replication();
    int replicas = replication.replicas();
    long[] bytes = tied();
    long[] all = weights(this::gradient);
    if (replicas == 1) {
      int sums = replication.gradientGroups() > 1 ? 1 : 0;
      Arrays.setAll(bytes, rank -> bytes[rank] + sums * all[rank]);
      return bytes;
    }
    boolean sharded = replication.shardsOptimizer();
    long[] owned = mostOwned(this::gradient);
    for (int rank = 0; rank < ranks; rank++) {
      long largest = layers(rank).mapToLong(this::gradient).max().orElse(0);
      long part = sharded ? owned[rank] : all[rank] / replicas + Float.BYTES * (long) cut.layers();
      bytes[rank] += (replicas - 1) * part + all[rank] + (sharded ? largest : largest / replicas);
    }
    return bytes;
  }

  private long[] tied() {
    long[] bytes = new long[ranks];
    for (int layer = 0; layer < cut.layers(); layer++) {
      int owner = network.owner(layer);
      if (cut.stageOf(owner) != cut.stageOf(layer)) {
        for (int end : new int[] {layer, owner}) {
          bytes[rankOf(end)] += 2 * weight(owner);
        }
      }
    }
    return bytes;
  }

  /** Returns by rank what its layers take that own their weights. */
  private long[] weights(IntToLongFunction layerBytes) {
    long[] bytes = new long[ranks];
    for (int layer = 0; layer < cut.layers(); layer++) {
      bytes[rankOf(layer)] += network.owner(layer) == layer ? layerBytes.applyAsLong(layer) : 0;
    }
    return bytes;
  }

  /** Returns by rank what those of its layers take that one replica owns, the one with most. */
  private long[] mostOwned(IntToLongFunction layerBytes) {
    int replicas = plan.replication().replicas();
    LayerOwners owners = LayerOwners.of(network, cut, replicas);
    long[] most = new long[ranks];
    for (int replica = 0; replica < replicas; replica++) {
      int own = replica;
      long[] bytes = weights(layer -> owners.of(layer) == own ? layerBytes.applyAsLong(layer) : 0);
      Arrays.setAll(most, rank -> Math.max(most[rank], bytes[rank]));
    }
    return most;
  }

  private IntStream layers(int rank) {
    return IntStream.range(0, cut.layers()).filter(layer -> rankOf(layer) == rank);
  }

  private int rankOf(int layer) {
    return plan.schedule().rankOf(cut.stageOf(layer));
  }

  /** Returns the bytes of a layer's weights, its own or those that it is tied to. */
  private long gradient(int layer) {
    return Float.BYTES * network.parameterCount(network.owner(layer));
  }

  private long weight(int layer) {
    return Float.BYTES * network.parameterCount(layer);
  }

  private long state(int layer) {
    return Float.BYTES * updater.stateSize(network.trainedCount(layer));
  }
}
