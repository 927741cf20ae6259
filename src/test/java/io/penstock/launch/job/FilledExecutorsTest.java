package io.penstock.launch.job;

import static org.apache.spark.sql.functions.expr;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.feed.ValidationColumn;
import io.penstock.launch.plugin.PenstockPlugin;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Random;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Plans whose count of memory is just what executors have run on them. More, and others: {@code
 * -Dpenstock.filled=200 -Dpenstock.filled.seed=7}.
 */
@Timeout(3600)
@Tag("slow")
class FilledExecutorsTest {
  private static final int EXECUTORS = 3;
  private static final long MEBIBYTES = 24;
  private static final int MOST_ROWS = 1 << 18;

  private static final int FITS = Integer.getInteger("penstock.filled", 4);

  private static final long SEED = Long.getLong("penstock.filled.seed", 4);

  private static SparkSession spark;
  private static Dataset<Row> rows;

  @TempDir Path directory;

  @BeforeAll
  static void start() {
    spark =
        Executors.of(EXECUTORS, 1)
            .config("spark.ui.enabled", "false")
            .config("spark.plugins", PenstockPlugin.class.getName())
            .config("spark.executor.memoryOverhead", MEBIBYTES + "m")
            .getOrCreate();
    rows =
        spark
            .range(0, MOST_ROWS, 1, 3)
            .withColumn("label", expr("cast(id % " + RandomNetworks.CLASSES + " as double)"))
            .withColumn("held", expr("id % 8 = 0"));
  }

  @AfterAll
  static void stop() {
    spark.stop();
  }

  /** Of each kind of network some; the last mini-batch is a short one, or none is. */
  @ParameterizedTest
  @EnumSource
  void whatFitsByTheCountRuns(RandomNetworks networks) {
    int fits = 0;
    for (long seed = SEED; fits < FITS; seed++) {
      Random random = new Random(seed);
      Optional<RandomPlans.Filled> drawn =
          new RandomPlans(networks, random, EXECUTORS, MEBIBYTES << 20).next();
      if (drawn.isEmpty()) {
        continue;
      }
      RandomPlans.Filled filled = drawn.get();
      int batch = filled.plan().batchSize();
      long count = 2L * batch + random.nextInt(batch);
      if (count <= MOST_ROWS) {
        run(
            seed,
            filled,
            FilledRows.of(networks, rows.where("id < " + count), filled.network(), random));
        fits++;
      }
    }
  }

  private void run(long seed, RandomPlans.Filled filled, FilledRows rows) {
    String what = "seed " + seed + ": " + filled.words();
    assertTrue(filled.needed() <= MEBIBYTES << 20, what);
    Dataset<Row> used = filled.validates() ? rows.data() : rows.data().drop("held");
    RunOptions options = RunOptions.NONE;
    if (filled.validates()) {
      options = options.withValidation(ValidationColumn.of(used.schema(), "held"));
    }
    if (filled.writesCheckpoints()) {
      String place = directory.resolve(Long.toString(seed)).toUri().toString();
      options = options.withCheckpoints(new Checkpoints(place, 1, true, model -> {}));
    }
    try {
      TrainingJob.run(used, rows.columns(), rows.labels(), filled.plan(), options);
    } catch (RuntimeException failed) {
      throw new AssertionError(what, failed);
    }
  }
}
