package io.penstock.launch.job;

import io.penstock.conf.Settings;
import io.penstock.launch.plugin.PenstockPlugin;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.spark.SparkContext;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Runs leave nothing in the driver's process, however they end. */
@Timeout(300)
@Tag("slow")
class LeftBehindTest {
  /** Ways to end, stages and validation, each once with each. */
  private static final int ONCE_EACH = 24;

  private static final int RUNS = 50;

  @TempDir Path directory;

  @Test
  void fiftyRunsLeaveNothing() throws Exception {
    Path local = Files.createDirectory(directory.resolve("local"));
    Path checkpoints = Files.createDirectory(directory.resolve("checkpoints"));
    SparkSession spark =
        SparkSession.builder()
            .master("local[3]")
            .config("spark.ui.enabled", "false")
            .config("spark.plugins", PenstockPlugin.class.getName())
            .config("spark.sql.shuffle.partitions", "2")
            .config("spark.local.dir", local.toString())
            .config(Settings.NETWORK_ONLY.key(), "true") // links as between processes
            .config(Settings.FEED_MEMORY.key(), "1k") // most rows in files
            .getOrCreate();
    try {
      SparkContext context = spark.sparkContext();
      MixedRuns runs = new MixedRuns(spark, 3, directory, checkpoints);
      runs.run(ONCE_EACH);
      List<Path> directories = List.of(local, checkpoints);
      Map<String, Long> before = Residue.settled(() -> Residue.ofDriver(context, directories));
      runs.run(RUNS);
      Residue.awaitNoMoreThan(before, () -> Residue.ofDriver(context, directories));
    } finally {
      spark.stop();
    }
  }
}
