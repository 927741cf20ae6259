package io.penstock.launch.job;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.checkpoint.LayerFiles;
import io.penstock.event.FailureKind;
import io.penstock.feed.FeatureColumns;
import io.penstock.feed.LabelKind;
import io.penstock.nn.Parameters;
import io.penstock.nn.network.Sequential;
import io.penstock.nn.update.Updater;
import io.penstock.testing.LocalSpark;
import io.penstock.train.TrainingPlan;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Checkpoints of runs in threads; {@link ExecutorProcessesTest} has one of a run on processes. */
@Timeout(180)
@LocalSpark(slots = 3)
public class CheckpointsTest {
  private static SparkSession spark;
  private static Dataset<Row> data;

  @TempDir Path directory;

  @BeforeAll
  static void start(SparkSession session) {
    spark = session;
    data = SmallRun.rows(spark);
  }

  public static TrainingResult run(Dataset<Row> data, TrainingPlan plan, Checkpoints wanted) {
    return TrainingJob.run(
        data,
        FeatureColumns.of(data, SmallRun.FEATURES, "label"),
        LabelKind.classId(3),
        plan,
        RunOptions.NONE.withCheckpoints(wanted));
  }

  /** The weights of a checkpoint are those that a run of as many epochs ends with. */
  static void assertHolds(TrainingResult wanted, String checkpoint) throws IOException {
    Sequential network = SmallRun.plan(1).network();
    List<Parameters> layers =
        LayerFiles.ofModel(checkpoint, new Configuration(false)).read(network);
    wanted
        .weights()
        .toMap()
        .forEach((layer, w) -> assertArrayEquals(w, layers.get(layer).values()));
  }

  private static TrainingPlan plan(int epochs) {
    return SmallRun.plan(3, epochs, Updater.adam(0.01));
  }

  private Checkpoints everySecond(boolean keepLast, Checkpoints.Completion completion) {
    return new Checkpoints(directory.toUri().toString(), 2, keepLast, completion);
  }

  /** What lies in the run's directory, by name. */
  private List<String> left() throws IOException {
    try (Stream<Path> runs = Files.list(directory)) {
      List<Path> all = runs.toList();
      return all.isEmpty()
          ? List.of()
          : Arrays.stream(all.get(0).toFile().list()).map(CheckpointsTest::step).sorted().toList();
    }
  }

  /** The name without that of the attempt, which is another one every time. */
  private static String step(String name) {
    return name.replaceFirst("-[0-9a-f]{8}$", "");
  }

  private static Path path(String model) {
    return Path.of(URI.create(model));
  }

  @Test
  void aCheckpointIsCompletedOnceAllRanksHaveWrittenAndThenTheOlderOneGoes() throws Exception {
    List<TrainingResult> shorter = new ArrayList<>();
    for (int epochs = 2; epochs <= 6; epochs += 2) {
      shorter.add(SmallRun.run(data, SmallRun.plan(1, epochs, Updater.adam(0.01))));
    }
    List<String> completed = new ArrayList<>();
    run(
        data,
        plan(7),
        everySecond(
            true,
            model -> {
              assertHolds(shorter.get(completed.size()), model);
              completed.add(step(path(model).getFileName().toString()));
              assertTrue(
                  left()
                      .containsAll(
                          completed.subList(0, completed.size() - 1).stream()
                              .skip(Math.max(0, completed.size() - 2))
                              .toList()),
                  left().toString());
            }));
    assertEquals(List.of("step-000006", "step-000012", "step-000018"), completed);
    assertEquals(List.of("step-000018"), left());
  }

  @Test
  void theLastOneGoesWhereItIsNotToBeKept() throws Exception {
    run(data, plan(4), everySecond(false, model -> {}));
    assertEquals(List.of(), left());
  }

  @Test
  void aRunThatFailsLeavesTheNewestAndNothingIncomplete() throws Exception {
    Path flag = directory.resolveSibling(directory.getFileName() + "-flag");
    TrainingPlan failing =
        SmallRun.plan(
            3, 9, Updater.of(new Sabotage(Sabotage.Deed.THROW, SmallRun.PARAMETERS.get(1), flag)));
    TrainingFailedException failed =
        assertThrows(
            TrainingFailedException.class,
            () -> run(data, failing, everySecond(false, model -> flag.toFile().createNewFile())));
    assertInstanceOf(Sabotage.Planned.class, failed.getCause());
    String told = failed.getMessage();
    List<String> left = left();
    if (left.equals(List.of("step-000012"))) { // reached before the flag was seen
      assertTrue(told.contains("The weights after step 12 (epoch 5) are in "), told);
    } else {
      assertEquals(List.of("step-000006"), left);
      assertTrue(told.contains("The weights after step 6 (epoch 3) are in "), told);
    }
  }

  @Test
  void aPlaceThatCannotBeWrittenToIsRefusedBeforeTheRun() throws Exception {
    Path file = Files.createFile(directory.resolve("file"));
    Checkpoints nowhere = new Checkpoints(file.toUri().toString(), 1, true, model -> {});
    String told =
        assertThrows(IllegalArgumentException.class, () -> run(data, plan(4), nowhere))
            .getMessage();
    assertTrue(told.contains("Checkpoints cannot be written to file:" + file), told);
  }

  @Test
  void whatCannotBeCompletedEndsTheRunAndIsNamed() throws Exception {
    TrainingFailedException failed =
        assertThrows(
            TrainingFailedException.class,
            () ->
                run(
                    data,
                    plan(6),
                    everySecond(
                        true,
                        model -> {
                          if (model.contains("step-000012-")) {
                            throw new IOException("disk full");
                          }
                        })));
    String told = failed.getMessage();
    assertTrue(told.startsWith("Could not complete the checkpoint after step 12 in file:"), told);
    assertTrue(told.contains(": disk full. The weights after step 6 (epoch 3) are in"), told);
    assertEquals(FailureKind.CHECKPOINT_FAILED, failed.kind());
    assertInstanceOf(UncheckedIOException.class, failed.getCause());
    assertEquals(List.of("step-000006"), left());
  }

  @Test
  void aDriverWhoseDiskIsFullEndsTheRunAndIsNamed() throws Exception {
    TrainingFailedException failed =
        assertThrows(
            TrainingFailedException.class,
            () ->
                run(
                    data,
                    plan(4),
                    everySecond(
                        true,
                        model -> {
                          throw FullDisk.error();
                        })));
    String told = failed.getMessage();
    assertEquals(FailureKind.CHECKPOINT_FAILED, failed.kind(), told);
    assertTrue(failed.rank().isEmpty(), told);
    assertTrue(told.endsWith(": No space left on device."), told);
  }

  @Test
  void aRankWhoseDiskIsFullEndsTheRunAndIsNamed() throws Exception {
    FullDisk.mount(spark.sparkContext().hadoopConfiguration());
    Checkpoints full = new Checkpoints(FullDisk.under(directory), 1, true, model -> {});
    TrainingFailedException failed =
        assertThrows(TrainingFailedException.class, () -> run(data, plan(4), full));
    String told = failed.getMessage();
    assertEquals(FailureKind.CHECKPOINT_FAILED, failed.kind(), told);
    assertTrue(failed.rank().isPresent(), told);
    assertTrue(told.contains("Could not write the checkpoint after step 3 to full:"), told);
    assertTrue(told.contains(": No space left on device. Every executor must"), told);
    assertFalse(told.contains(".."), told);
  }

  @Test
  void thereIsAnEpochBetweenTwo() {
    assertThrows(IllegalArgumentException.class, () -> new Checkpoints("x", 0, true, model -> {}));
  }
}
