package io.penstock.launch.job;

import java.nio.file.Path;
import org.apache.spark.sql.SparkSession;

/** Main class of a driver with executors of its own, in the middle of a run that does not end. */
final class InterruptedDriver {
  /** What it says when its run has ended. */
  static final String ENDED = "ENDED ";

  private InterruptedDriver() {}

  /** Runs; the argument is the directory of a gate, which it waits at. */
  public static void main(String[] arguments) {
    SparkSession spark =
        Executors.of(2, 1)
            .config("spark.ui.enabled", "false")
            .config("spark.local.dir", Path.of(arguments[0], "local").toString())
            .getOrCreate();
    Gate gate = new Gate(arguments[0]);
    try {
      SmallRun.run(SmallRun.rows(spark), SmallRun.plan(2, 9, Phase.updater(gate, 1, 1)));
    } catch (TrainingFailedException failed) {
      System.out.println(ENDED + failed.kind());
    }
  }
}
