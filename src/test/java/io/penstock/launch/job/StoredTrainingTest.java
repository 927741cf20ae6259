package io.penstock.launch.job;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.checkpoint.NetworkWeights;
import io.penstock.feed.FeatureColumns;
import io.penstock.feed.LabelKind;
import io.penstock.nn.update.Updater;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Runs of a network that is too large for the driver's memory, of which there is next to none. */
@Timeout(300)
class StoredTrainingTest {
  @TempDir Path directory;
  private SparkSession spark;
  private Dataset<Row> data;

  @BeforeEach
  void start() {
    spark =
        SparkSession.builder()
            .master("local[3]")
            .config("spark.ui.enabled", "false")
            .config("spark.penstock.model.memory", "16")
            .config("spark.penstock.model.dir", directory.toUri().toString())
            .getOrCreate();
    data = SmallRun.rows(spark);
  }

  @AfterEach
  void stop() {
    spark.stop();
  }

  private TrainingResult run(int stages, RunOptions options) {
    return TrainingJob.run(
        data,
        FeatureColumns.of(data, SmallRun.FEATURES, "label"),
        LabelKind.classId(3),
        SmallRun.plan(stages),
        options);
  }

  private List<Path> left() throws IOException {
    try (var found = Files.list(directory)) {
      return found.toList();
    }
  }

  private static Path place(NetworkWeights weights) {
    return Path.of(URI.create(weights.directory().orElseThrow()));
  }

  private static void assertSame(TrainingResult wanted, TrainingResult found) {
    assertArrayEquals(wanted.stepLosses(), found.stepLosses());
    assertEquals(wanted.weights().layers(), found.weights().layers());
    wanted
        .weights()
        .layers()
        .forEach(layer -> assertArrayEquals(wanted.weights().of(layer), found.weights().of(layer)));
  }

  /** Returns the results of a run and of one that begins with its weights, all in memory. */
  private List<TrainingResult> inMemory() throws IOException {
    spark.stop();
    try (SparkSession other =
        SparkSession.builder()
            .master("local[3]")
            .config("spark.ui.enabled", "false")
            .getOrCreate()) {
      data = SmallRun.rows(other);
      TrainingResult first = run(2, RunOptions.NONE);
      assertTrue(first.weights().directory().isEmpty());
      return List.of(first, run(2, RunOptions.NONE.withInitialWeights(first.weights())));
    } finally {
      start();
    }
  }

  @Test
  void whateverTheStagesAndWhereverTheWeightsLieTheyAreTheSame() throws IOException {
    List<TrainingResult> wanted = inMemory();
    TrainingResult one = run(1, RunOptions.NONE);
    TrainingResult three = run(3, RunOptions.NONE);
    assertSame(wanted.get(0), one);
    assertSame(wanted.get(0), three);
    assertEquals(directory.toRealPath(), place(one.weights()).getParent().toRealPath());
    RunOptions further = RunOptions.NONE.withInitialWeights(three.weights());
    assertSame(wanted.get(1), run(2, further));
    assertSame(
        wanted.get(1),
        run(
            1,
            RunOptions.NONE.withInitialWeights(
                NetworkWeights.inMemory(new TreeMap<>(three.weights().toMap())))));
    assertEquals(4, left().size());
    spark.stop();
    assertEquals(List.of(), left());
    String gone =
        assertThrows(UncheckedIOException.class, () -> three.weights().of(0)).getMessage();
    assertTrue(gone.contains("is not there"), gone);
  }

  @Test
  void aRunThatFailsLeavesNothing() throws IOException {
    assertThrows(
        TrainingFailedException.class,
        () -> SmallRun.run(data, SmallRun.plan(3, 2, Updater.sgd(1e30))));
    assertEquals(List.of(), left());
  }

  @Test
  void initialWeightsWhoseFilesAreGoneAreRefusedBeforeTheJob() throws IOException {
    TrainingResult before = run(2, RunOptions.NONE);
    Files.delete(place(before.weights()).resolve("data/layer-0002-bias.npy"));
    RunOptions further = RunOptions.NONE.withInitialWeights(before.weights());
    String told = assertThrows(UncheckedIOException.class, () -> run(1, further)).getMessage();
    assertTrue(told.contains("layer-0002-bias.npy is not there"), told);
  }

  @Test
  void aDirectoryThatTheDriverCannotWriteToIsRefusedBeforeTheJob() throws IOException {
    spark.stop();
    Path file = Files.createFile(directory.resolve("file"));
    try (SparkSession other =
        SparkSession.builder()
            .master("local[3]")
            .config("spark.ui.enabled", "false")
            .config("spark.penstock.model.memory", "16")
            .config("spark.penstock.model.dir", file.toUri().toString())
            .getOrCreate()) {
      data = SmallRun.rows(other);
      String told =
          assertThrows(IllegalArgumentException.class, () -> run(2, RunOptions.NONE)).getMessage();
      assertTrue(told.startsWith("The driver cannot write to " + file.toUri()), told);
      assertTrue(told.contains("Set spark.penstock.model.dir"), told);
    }
  }

  @Test
  void aRankThatDoesNotSeeTheDriversDirectoryRefusesBeforeItTrains() throws IOException {
    SerializableConfiguration conf = new SerializableConfiguration(new Configuration());
    WeightsTask task = new WeightsTask(directory.toUri().toString(), conf);
    String told = assertThrows(IllegalArgumentException.class, () -> task.check(4)).getMessage();
    assertTrue(told.startsWith("Rank 4 does not see") && told.contains("not shared"), told);
    Files.createFile(directory.resolve(WeightsTask.MARK));
    task.check(4);
    assertEquals(1, left().stream().filter(file -> !file.toString().endsWith(".crc")).count());
    Files.createDirectories(directory.resolve("_rank-4"));
    told = assertThrows(IllegalArgumentException.class, () -> task.check(4)).getMessage();
    assertTrue(told.startsWith("Rank 4 cannot write to"), told);
  }

  @Test
  void onALocalMasterSparksOwnDirectoryTakesTheWeights() throws IOException {
    spark.stop();
    Path place;
    try (SparkSession other =
        SparkSession.builder()
            .master("local[3]")
            .config("spark.ui.enabled", "false")
            .config("spark.penstock.model.memory", "16")
            .getOrCreate()) {
      data = SmallRun.rows(other);
      TrainingResult result = run(2, RunOptions.NONE);
      place = place(result.weights());
      assertTrue(Files.exists(place.resolve("data/layer-0004-weights.npy")), place.toString());
      assertEquals(3, result.weights().toMap().size());
    }
    assertFalse(Files.exists(place), place.toString());
  }

  @Test
  void theContextsCheckpointDirectoryTakesTheWeights() throws IOException {
    spark.stop();
    try (SparkSession other =
        SparkSession.builder()
            .master("local[3]")
            .config("spark.ui.enabled", "false")
            .config("spark.penstock.model.memory", "16")
            .getOrCreate()) {
      other.sparkContext().setCheckpointDir(directory.toUri().toString());
      data = SmallRun.rows(other);
      Path place = place(run(2, RunOptions.NONE).weights());
      assertTrue(place.toRealPath().startsWith(directory.toRealPath()), place.toString());
    }
  }
}
