package io.penstock.launch.cluster;

import io.penstock.Internal;
import io.penstock.conf.Settings;
import org.apache.spark.SparkConf;

/**
 * Memory for the weights of a model on the driver: what is larger stays in files. Stateless; any
 * thread may call.
 */
@Internal
public final class ModelMemory {
  private static final long USUAL = 64L << 20;

  /** Part of the heap: a result is there serialised and as numbers, beside all else. */
  private static final int PART_OF_HEAP = 3;

  private ModelMemory() {}

  /**
   * Returns the most bytes of weights that are held in memory.
   *
   * @param shared whether there is a directory that driver and executors share, so that larger ones
   *     can stay in files
   */
  public static long limit(SparkConf conf, boolean shared) {
    return Settings.MODEL_MEMORY
        .given(conf)
        .orElseGet(
            () ->
                shared ? USUAL : Math.max(USUAL, Runtime.getRuntime().maxMemory() / PART_OF_HEAP));
  }
}
