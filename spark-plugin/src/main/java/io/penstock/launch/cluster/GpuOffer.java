package io.penstock.launch.cluster;

import io.penstock.Internal;
import org.apache.spark.SparkConf;

/**
 * Offer of GPUs that a cluster makes to an application. Immutable.
 *
 * @param perExecutor how many every registered executor has at least; in local mode the process
 * @param perTask how many Spark gives to a task of the default profile: {@code
 *     spark.task.resource.gpu.amount}, 0 if it is not set
 * @param profiles whether the cluster manager knows stage-level scheduling
 */
@Internal
public record GpuOffer(int perExecutor, double perTask, boolean profiles) {
  static final String EXECUTOR_AMOUNT = "spark.executor.resource.gpu.amount";
  static final String TASK_AMOUNT = "spark.task.resource.gpu.amount";

  /** No GPU at all. */
  static final GpuOffer NONE = new GpuOffer(0, 0, true);

  static double perTask(SparkConf conf) {
    return conf.getDouble(TASK_AMOUNT, 0);
  }

  /** Returns whether a stage can have one: by stage-level scheduling, or by the settings. */
  boolean reachStages() {
    return perExecutor > 0 && (profiles || perTask >= 1);
  }
}
