package io.penstock.launch.cluster;

import io.penstock.Internal;
import io.penstock.balance.Cut;
import io.penstock.balance.HeldBytes;
import io.penstock.balance.LayerCosts;
import io.penstock.conf.Settings;
import io.penstock.nn.network.Sequential;
import io.penstock.nn.update.Updater;
import io.penstock.train.LayerOwners;
import io.penstock.train.Replication;
import io.penstock.train.Retention;
import io.penstock.train.TrainingPlan;
import java.util.Arrays;
import org.apache.spark.SparkConf;

/**
 * Off-heap memory, in bytes: how much a stage needs, how much an executor has. Stateless; any
 * thread may call.
 */
@Internal
public final class NativeMemory {
  /** Operations of a product from which on its weights are packed, on processors of any kind. */
  private static final long LEAST_PACKED = 2 * 8_192;

  private NativeMemory() {}

  /** Returns bytes in MiB, rounded up, for messages of what is needed. */
  static long mebibytes(long bytes) {
    return (bytes + (1 << 20) - 1) >> 20;
  }

  /** Returns whether the master is a local one, whose tasks are threads of the driver. */
  public static boolean isLocal(SparkConf conf) {
    String master = conf.get("spark.master", "");
    return master.equals("local") || master.startsWith("local[");
  }

  /** Returns the bytes that the native arrays of one executor may take. */
  public static long available(SparkConf conf) {
    return ExecutorMemory.of(conf).arrays();
  }

  /**
   * Returns the bytes that a rank may take for its rows before they spill: what the setting says,
   * and on an executor at most half of what its stage leaves, for rows can spill and arrays cannot.
   *
   * @param neededBytes what the rank that needs most takes besides
   */
  public static long forRows(SparkConf conf, long neededBytes) {
    long wanted = Settings.FEED_MEMORY.in(conf);
    return isLocal(conf)
        ? wanted
        : Math.min(wanted, Math.max(0, available(conf) - neededBytes) / 2);
  }

  /**
   * Returns the bytes that the rank that needs most will take: weights, the copies that kernels
   * pack of them, gradients and optimizer state of its stages, and the activations that its
   * schedule keeps. Rows kept by the feed come on top; they spill.
   */
  public static long needed(TrainingPlan plan) {
    return needed(plan, false, false);
  }

  /**
   * Returns the bytes that the rank that needs most will take, with a copy of the best epoch's
   * weights where there are validation rows, and one of all that a checkpoint holds where some are
   * written.
   */
  public static long needed(TrainingPlan plan, boolean validates, boolean writesCheckpoints) {
    boolean gradients = plan.retention().gradients();
    LayerCosts costs =
        LayerCosts.estimated(
            plan.network(),
            plan.rowsPerMicroBatch(),
            Updater.fromJson(plan.updaterJson()),
            gradients);
    Cut cut = plan.cut();
    long most = HeldBytes.of(plan.schedule(), cut, costs);
    int best = validates ? 1 : 0;
    long inTurn = gradients ? 0 : LayerCosts.largestGradient(plan.network());
    return most
        + inTurn
        + mostPacked(plan, cut)
        + mostWeights(plan, cut, sums(plan.replication()), 0)
        - sharded(plan, cut)
        + mostWeights(plan, cut, best, 0)
        + (writesCheckpoints ? mostWeights(plan, cut, 1 + best, 1) : 0);
  }

  /**
   * Returns a plan with ranks that retain as much as fits on an executor, so that they are as quick
   * as they can be there; if nothing fits, with the ranks that need least.
   *
   * @param validates whether there are validation rows
   * @param writesCheckpoints whether checkpoints are written
   */
  public static TrainingPlan fitted(
      SparkConf conf, TrainingPlan plan, boolean validates, boolean writesCheckpoints) {
    if (!plan.retention().equals(Retention.ALL)) {
      return plan;
    }
    long available = available(conf);
    TrainingPlan least = plan;
    long leastNeeded = Long.MAX_VALUE;
    for (Retention retention : Retention.choices(plan, plan.network())) {
      TrainingPlan fitting = plan.withRetention(retention);
      long needed = needed(fitting, validates, writesCheckpoints);
      if (needed <= available) {
        return fitting;
      }
      if (needed < leastNeeded) {
        least = fitting;
        leastNeeded = needed;
      }
    }
    return least;
  }

  /**
   * Returns how many times a rank's gradients are there besides: as the sum over groups; with
   * replicas, at most as the parts that have come from others and as the sums that go to them.
   */
  private static int sums(Replication replication) {
    return replication.replicas() > 1 ? 2 : replication.gradientGroups() > 1 ? 1 : 0;
  }

  /**
   * Returns the bytes of optimizer state that no rank has to hold, for other replicas do: of the
   * rank that is spared least, beside the replica that owns most of its layers.
   */
  private static long sharded(TrainingPlan plan, Cut cut) {
    Replication replication = plan.replication();
    if (replication.replicas() == 1 || !replication.shardsOptimizer()) {
      return 0;
    }
    Sequential network = plan.network();
    Updater updater = Updater.fromJson(plan.updaterJson());
    LayerOwners owners = LayerOwners.of(network, cut, replication.replicas());
    long[][] states = new long[plan.topology().pipelineRanks()][replication.replicas()];
    for (int layer = 0; layer < network.layers().size(); layer++) {
      if (network.owner(layer) == layer) {
        int rank = plan.schedule().rankOf(cut.stageOf(layer));
        states[rank][owners.of(layer)] +=
            Float.BYTES * updater.stateSize(network.trainedCount(layer));
      }
    }
    return Arrays.stream(states)
        .mapToLong(rank -> Arrays.stream(rank).sum() - Arrays.stream(rank).max().orElseThrow())
        .min()
        .orElseThrow();
  }

  /** Returns the most bytes that so many copies of weights and optimizer state take on a rank. */
  private static long mostWeights(TrainingPlan plan, Cut cut, int weights, int states) {
    Sequential network = plan.network();
    Updater updater = Updater.fromJson(plan.updaterJson());
    long[] bytes = new long[plan.topology().pipelineRanks()];
    for (int layer = 0; layer < network.layers().size(); layer++) {
      if (network.owner(layer) == layer) {
        int rank = plan.schedule().rankOf(cut.stageOf(layer));
        long count = network.parameterCount(layer);
        bytes[rank] += Float.BYTES * (weights * count + states * updater.stateSize(count));
      }
    }
    return Arrays.stream(bytes).max().orElseThrow();
  }

  /**
   * Returns the most bytes that packed weights take on a rank: a copy for the forward and one for
   * the input gradient, which the first layer has not, of each layer that is large enough for them;
   * or the largest of these where none is kept.
   */
  private static long mostPacked(TrainingPlan plan, Cut cut) {
    Sequential network = plan.network();
    long[] bytes = new long[plan.topology().pipelineRanks()];
    long largest = 0;
    for (int layer = 0; layer < network.layers().size(); layer++) {
      if (plan.rowsPerMicroBatch() * network.flops(layer) >= LEAST_PACKED) {
        int rank = plan.schedule().rankOf(cut.stageOf(layer));
        int copies = layer == 0 ? 1 : 2;
        long one = Float.BYTES * network.parameterCount(network.owner(layer));
        bytes[rank] += copies * one;
        largest = Math.max(largest, one);
      }
    }
    return plan.retention().packed() ? Arrays.stream(bytes).max().orElseThrow() : largest;
  }
}
