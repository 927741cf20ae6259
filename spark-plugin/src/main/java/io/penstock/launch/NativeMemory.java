package io.penstock.launch;

import io.penstock.balance.Cut;
import io.penstock.nn.Sequential;
import io.penstock.nn.Updater;
import io.penstock.train.TrainingPlan;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.SparkConf;
import org.apache.spark.network.util.JavaUtils;

/** Off-heap memory: how much a stage needs, how much an executor has. All figures in bytes. */
final class NativeMemory {
  private static final String OVERHEAD = "spark.executor.memoryOverhead";
  private static final String JAVACPP_LIMIT = "org.bytedeco.javacpp.maxbytes";

  private NativeMemory() {}

  static boolean isLocal(SparkConf conf) {
    String master = conf.get("spark.master", "");
    return master.equals("local") || master.startsWith("local[");
  }

  /** What one executor may allocate: the overhead if it is set, else JavaCPP's default, -Xmx. */
  static long available(SparkConf conf) {
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
  static void limitTo(SparkConf conf) {
    if (conf.contains(OVERHEAD) && System.getProperty(JAVACPP_LIMIT) == null) {
      System.setProperty(JAVACPP_LIMIT, Long.toString(available(conf)));
    }
  }

  /**
   * What the rank that needs most will take: weights, gradients and updater state of its stages,
   * and for every activation that it holds the outputs of a stage's layers and their gradients.
   * Rows kept by the feed come on top; they spill.
   *
   * @param peakActivations by rank, the most activations that it holds, each of one stage and
   *     micro-batch, as the schedule's verifier says; all are taken to be of its largest stage
   */
  static long needed(TrainingPlan plan, List<Integer> peakActivations) {
    Sequential network = plan.network();
    Updater updater = Updater.fromJson(plan.updaterJson());
    Cut cut = plan.cut();
    long rows = (plan.batchSize() + plan.microBatches() - 1) / plan.microBatches();
    long[] state = new long[plan.ranks()];
    long[] activation = new long[plan.ranks()];
    for (int stage = 0; stage < cut.stages(); stage++) {
      int rank = plan.schedule().rankOf(stage);
      long kept = network.shape(cut.first(stage)).size();
      for (int layer = cut.first(stage); layer < cut.end(stage); layer++) {
        long parameters = network.parameterCount(layer);
        state[rank] += 2 * parameters + updater.stateSize(parameters);
        kept += 2 * network.shape(layer + 1).size();
      }
      activation[rank] = Math.max(activation[rank], rows * kept);
    }
    return Float.BYTES
        * IntStream.range(0, plan.ranks())
            .mapToLong(rank -> state[rank] + peakActivations.get(rank) * activation[rank])
            .max()
            .orElseThrow();
  }
}
