package io.penstock.launch.cluster;

import io.penstock.Internal;
import io.penstock.conf.Settings;
import io.penstock.train.Retention;
import io.penstock.train.TrainingPlan;
import org.apache.spark.SparkConf;

/**
 * Off-heap memory, in bytes: how much a stage needs, how much an executor has. Stateless; any
 * thread may call.
 */
@Internal
public final class NativeMemory {
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
    return new PlanMemory(plan).most(validates, writesCheckpoints);
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
}
