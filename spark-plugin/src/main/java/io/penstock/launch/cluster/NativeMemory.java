package io.penstock.launch.cluster;

import io.penstock.Internal;
import io.penstock.balance.Cut;
import io.penstock.balance.HeldBytes;
import io.penstock.balance.LayerCosts;
import io.penstock.balance.StageCosts;
import io.penstock.nn.network.Sequential;
import io.penstock.nn.update.Updater;
import io.penstock.schedule.Simulation;
import io.penstock.schedule.Simulator;
import io.penstock.train.TrainingPlan;
import java.util.Arrays;
import org.apache.spark.SparkConf;
import org.apache.spark.network.util.JavaUtils;

/**
 * Off-heap memory, in bytes: how much a stage needs, how much an executor has. Stateless; any
 * thread may call.
 */
@Internal
public final class NativeMemory {
  private static final String OVERHEAD = "spark.executor.memoryOverhead";
  private static final String JAVACPP_LIMIT = "org.bytedeco.javacpp.maxbytes";

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

  /**
   * Returns the bytes that one executor may allocate: the overhead if it is set, else JavaCPP's
   * default, -Xmx.
   */
  public static long available(SparkConf conf) {
    if (isLocal(conf)) {
      return Runtime.getRuntime().maxMemory();
    }
    return conf.contains(OVERHEAD)
        ? JavaUtils.byteStringAsMb(conf.get(OVERHEAD)) << 20
        : JavaUtils.byteStringAsMb(conf.get("spark.executor.memory", "1g")) << 20;
  }

  /**
   * Makes JavaCPP keep to {@link #available}. Works only before its first use in the process, which
   * is why the plugin does it.
   */
  public static void limitTo(SparkConf conf) {
    if (conf.contains(OVERHEAD) && System.getProperty(JAVACPP_LIMIT) == null) {
      System.setProperty(JAVACPP_LIMIT, Long.toString(available(conf)));
    }
  }

  /**
   * Returns the bytes that the rank that needs most will take: weights, gradients and optimizer
   * state of its stages, and the activations that its schedule keeps. Rows kept by the feed come on
   * top; they spill.
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
    LayerCosts costs =
        LayerCosts.estimated(
            plan.network(), plan.rowsPerMicroBatch(), Updater.fromJson(plan.updaterJson()));
    Cut cut = plan.cut();
    // What is held depends on the order of a rank's actions, not on how long they take.
    Simulation simulation =
        Simulator.simulate(plan.schedule(), StageCosts.of(cut, costs, 0, Double.POSITIVE_INFINITY));
    long most = HeldBytes.most(simulation, cut, costs);
    int best = validates ? 1 : 0;
    return most
        + mostWeights(plan, cut, best, 0)
        + (writesCheckpoints ? mostWeights(plan, cut, 1 + best, 1) : 0);
  }

  /** Returns the most bytes that so many copies of weights and optimizer state take on a rank. */
  private static long mostWeights(TrainingPlan plan, Cut cut, int weights, int states) {
    Sequential network = plan.network();
    Updater updater = Updater.fromJson(plan.updaterJson());
    long[] bytes = new long[plan.ranks()];
    for (int layer = 0; layer < network.layers().size(); layer++) {
      if (network.owner(layer) == layer) {
        int rank = plan.schedule().rankOf(cut.stageOf(layer));
        long count = network.parameterCount(layer);
        bytes[rank] += Float.BYTES * (weights * count + states * updater.stateSize(count));
      }
    }
    return Arrays.stream(bytes).max().orElseThrow();
  }
}
