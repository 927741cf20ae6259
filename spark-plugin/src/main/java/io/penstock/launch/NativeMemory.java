package io.penstock.launch;

import io.penstock.balance.Cut;
import io.penstock.nn.Sequential;
import io.penstock.nn.Updater;
import io.penstock.train.TrainingPlan;
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
   * What the stage that needs most will take: weights, gradients and updater state, and for every
   * micro-batch in flight the outputs of its layers and their gradients. Rows kept by the feed come
   * on top; they spill.
   *
   * @param peakInFlight the most micro-batches that a stage holds, as the schedule's verifier says
   */
  static long needed(TrainingPlan plan, int peakInFlight) {
    Sequential network = plan.network();
    Updater updater = Updater.fromJson(plan.updaterJson());
    Cut cut = plan.cut();
    long rows = (plan.batchSize() + plan.microBatches() - 1) / plan.microBatches();
    long most = 0;
    for (int stage = 0; stage < cut.stages(); stage++) {
      long floats = 0;
      for (int layer = cut.first(stage); layer < cut.end(stage); layer++) {
        long parameters = network.parameterCount(layer);
        floats += 2 * parameters + updater.stateSize(parameters);
        floats += 2 * rows * peakInFlight * network.shape(layer + 1).size();
      }
      floats += rows * peakInFlight * network.shape(cut.first(stage)).size();
      most = Math.max(most, floats * Float.BYTES);
    }
    return most;
  }
}
