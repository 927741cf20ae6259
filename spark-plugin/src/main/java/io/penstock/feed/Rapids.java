package io.penstock.feed;

import io.penstock.Internal;
import java.util.Arrays;
import org.apache.spark.sql.SparkSession;

/** The RAPIDS Accelerator, as an application's settings tell of it. Stateless. */
@Internal
public final class Rapids {
  /** The setting whether queries run on GPUs or are only explained. */
  public static final String MODE = "spark.rapids.sql.mode";

  /** What holds unless {@link #MODE} is set. */
  public static final String ON_GPU = "executeOnGPU";

  private static final String PLUGIN = "com.nvidia.spark.SQLPlugin";

  private Rapids() {}

  /**
   * Returns whether it is there and works on GPUs.
   *
   * @param plugins what {@code spark.plugins} says
   * @param mode what {@link #MODE} says, in either case
   */
  public static boolean isOnGpu(String plugins, String mode) {
    return Arrays.stream(plugins.split(",")).map(String::strip).anyMatch(PLUGIN::equals)
        && mode.equalsIgnoreCase(ON_GPU);
  }

  /** Returns whether it runs this session's queries, on GPUs. */
  public static boolean runs(SparkSession spark) {
    return runs(
        spark.sparkContext().getConf().get("spark.plugins", ""),
        spark.conf().get("spark.rapids.sql.enabled", "true"),
        spark.conf().get(MODE, ON_GPU));
  }

  static boolean runs(String plugins, String enabled, String mode) {
    return isOnGpu(plugins, mode) && Boolean.parseBoolean(enabled);
  }
}
