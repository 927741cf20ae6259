package io.penstock.launch.job;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.checkpoint.FileSum;
import io.penstock.checkpoint.NetworkWeights;
import io.penstock.event.EpochCompleted;
import io.penstock.event.FailureKind;
import io.penstock.event.RunIncident;
import io.penstock.feed.FeatureColumns;
import io.penstock.feed.LabelKind;
import io.penstock.nn.update.RateDecay;
import io.penstock.nn.update.UpdateOptions;
import io.penstock.nn.update.Updater;
import io.penstock.schedule.generate.Schedules;
import io.penstock.testing.LocalSpark;
import io.penstock.train.EarlyStopping;
import io.penstock.train.TrainingPlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerEvent;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Runs that fail in threads and go on; {@code KillMatrixTest} has those on processes. */
@Timeout(180)
@LocalSpark(
    slots = 3,
    settings = {"spark.penstock.recovery.maxFailures=3", "spark.penstock.recovery.backOff=1ms"})
class RecoveryTest {
  private static SparkSession spark;
  private static Dataset<Row> data;

  private final List<SparkListenerEvent> events = new CopyOnWriteArrayList<>();
  private final SparkListener listener =
      new SparkListener() {
        @Override
        public void onOtherEvent(SparkListenerEvent event) {
          events.add(event);
        }
      };

  @TempDir Path directory;

  @BeforeAll
  static void start(SparkSession session) {
    spark = session;
    data = SmallRun.rows(spark);
  }

  @BeforeEach
  void listen() {
    spark.sparkContext().addSparkListener(listener);
  }

  @AfterEach
  void ignore() {
    spark.sparkContext().removeSparkListener(listener);
  }

  private static TrainingResult run(TrainingPlan plan, RunOptions options) {
    return TrainingJob.run(
        data,
        FeatureColumns.of(data, SmallRun.FEATURES, "label"),
        LabelKind.classId(3),
        plan,
        options);
  }

  private Checkpoints every(int steps, boolean resumes) {
    return new Checkpoints(
        directory.resolve("checkpoints").toUri().toString(),
        resumes,
        CheckpointRhythm.ofSteps(steps),
        2,
        true,
        model -> {});
  }

  private static TrainingPlan plan(int stages, Updater updater) {
    return SmallRun.plan(stages, 4, updater);
  }

  private TrainingPlan sabotaged(int stages, Path flag) {
    return plan(
        stages, Updater.of(new Sabotage(Sabotage.Deed.THROW, SmallRun.PARAMETERS.get(1), flag)));
  }

  private List<RunIncident> incidents(RunIncident.Kind kind) throws Exception {
    spark.sparkContext().listenerBus().waitUntilEmpty();
    return events.stream()
        .filter(RunIncident.class::isInstance)
        .map(RunIncident.class::cast)
        .filter(incident -> incident.kind() == kind)
        .toList();
  }

  private static void assertSame(TrainingResult wanted, TrainingResult result) {
    assertArrayEquals(wanted.stepLosses(), result.stepLosses());
    wanted
        .weights()
        .toMap()
        .forEach((layer, w) -> assertArrayEquals(w, result.weights().of(layer)));
    assertEquals(
        wanted.epochs().stream().map(EpochCompleted::loss).toList(),
        result.epochs().stream().map(EpochCompleted::loss).toList());
  }

  @Test
  void aRunThatFailsGoesOnFromItsNewestCheckpointAndEndsTheSame() throws Exception {
    Path flag = directory.resolve("flag");
    TrainingResult undisturbed = run(sabotaged(1, flag), RunOptions.NONE);
    Files.createFile(flag);
    TrainingResult result =
        run(sabotaged(3, flag), RunOptions.NONE.withCheckpoints(every(2, false)));
    assertSame(undisturbed, result);
    assertFalse(Files.exists(flag));
    assertEquals(1, incidents(RunIncident.Kind.RETRY).size());
  }

  @Test
  void withoutCheckpointsItStartsFromTheBeginningAndSaysSo() throws Exception {
    Path flag = directory.resolve("flag");
    TrainingResult undisturbed = run(sabotaged(1, flag), RunOptions.NONE);
    Files.createFile(flag);
    assertSame(undisturbed, run(sabotaged(2, flag), RunOptions.NONE));
    String told = incidents(RunIncident.Kind.RETRY).get(0).text();
    assertTrue(told.startsWith("starts again from the beginning"), told);
    assertTrue(told.contains("failure 1 in a row of at most 3"), told);
  }

  @Test
  void aRunThatFailsEveryTimeEndsAfterAsManyFailuresAsTheSettingAllows() throws Exception {
    TrainingPlan always =
        plan(
            2,
            Updater.of(
                new Sabotage(Sabotage.Deed.THROW_ALWAYS, SmallRun.PARAMETERS.get(1), directory)));
    TrainingFailedException failed =
        assertThrows(TrainingFailedException.class, () -> run(always, RunOptions.NONE));
    assertEquals(FailureKind.EXCEPTION, failed.kind());
    assertEquals(2, incidents(RunIncident.Kind.RETRY).size());
  }

  private TrainingFailedException failure(Sabotage.Deed deed) throws IOException {
    Path flag = Sabotage.flagIn(directory);
    TrainingPlan once = plan(2, Updater.of(new Sabotage(deed, SmallRun.PARAMETERS.get(1), flag)));
    return assertThrows(TrainingFailedException.class, () -> run(once, RunOptions.NONE));
  }

  @Test
  void aProcessThatNothingCanReplaceDoesNotTryTheGpuAgainThatItHasLost() throws Exception {
    TrainingFailedException failed = failure(Sabotage.Deed.LOSE_GPU);
    assertEquals(FailureKind.DEVICE_LOST, failed.kind());
    assertEquals(1, failed.rank().orElseThrow());
    assertEquals(List.of(), incidents(RunIncident.Kind.RETRY));
    String words = failed.getMessage();
    assertTrue(words.contains("GPU lost."), words);
    assertTrue(words.contains("local mode"), words);
    assertTrue(words.endsWith("start the application anew."), words);
  }

  @Test
  void aGpuWithoutRoomIsNotFilledAgain() throws Exception {
    TrainingFailedException failed = failure(Sabotage.Deed.FILL_GPU);
    assertEquals(FailureKind.DEVICE_FULL, failed.kind());
    assertEquals(List.of(), incidents(RunIncident.Kind.RETRY));
    assertTrue(failed.getMessage().contains("GPU full."), failed.getMessage());
  }

  @Test
  void aLaterRunGoesOnWhereADriverThatDiedHadIt() throws Exception {
    Path flag = directory.resolve("flag");
    TrainingResult undisturbed = run(sabotaged(1, flag), RunOptions.NONE);
    assertThrows(
        TrainingFailedException.class,
        () ->
            run(
                sabotaged(3, flag),
                RunOptions.NONE.withCheckpoints(
                    new Checkpoints(
                        directory.resolve("checkpoints").toUri().toString(),
                        true,
                        CheckpointRhythm.ofSteps(2),
                        2,
                        true,
                        model -> {
                          if (model.contains("step-000008")) {
                            throw new IOException("The driver is gone");
                          }
                        }))));
    int before = events.size();
    TrainingResult result =
        run(sabotaged(2, flag), RunOptions.NONE.withCheckpoints(every(5, true)));
    assertSame(undisturbed, result);
    spark.sparkContext().listenerBus().waitUntilEmpty();
    assertEquals(
        List.of(2, 3), // of three steps each, after step 6
        events.stream()
            .skip(before)
            .filter(EpochCompleted.class::isInstance)
            .map(event -> ((EpochCompleted) event).epoch())
            .toList());
    // And a run that has come to its end is not done again.
    assertSame(
        undisturbed, run(sabotaged(1, flag), RunOptions.NONE.withCheckpoints(every(3, true))));
  }

  @Test
  void aDirectoryOfAnotherRunIsRefusedNamingTheDifference() {
    run(plan(2, Updater.adam(0.01)), RunOptions.NONE.withCheckpoints(every(2, true)));
    IllegalArgumentException refused =
        assertThrows(
            IllegalArgumentException.class,
            () ->
                run(plan(2, Updater.adam(0.02)), RunOptions.NONE.withCheckpoints(every(2, true))));
    assertTrue(refused.getMessage().contains("It differs in optimizer: "), refused.getMessage());
    Dataset<Row> other = data.withColumn("a", data.col("a").multiply(2));
    refused =
        assertThrows(
            IllegalArgumentException.class,
            () ->
                TrainingJob.run(
                    other,
                    FeatureColumns.of(other, SmallRun.FEATURES, "label"),
                    LabelKind.classId(3),
                    plan(2, Updater.adam(0.01)),
                    RunOptions.NONE.withCheckpoints(every(2, true))));
    assertTrue(refused.getMessage().contains("It differs in data: "), refused.getMessage());
  }

  @Test
  void aDamagedCheckpointIsPassedOverForTheOneBefore() throws Exception {
    Path flag = directory.resolve("flag");
    TrainingResult undisturbed = run(sabotaged(1, flag), RunOptions.NONE);
    TrainingPlan shorter =
        SmallRun.plan(
            3, 2, Updater.of(new Sabotage(Sabotage.Deed.THROW, SmallRun.PARAMETERS.get(1), flag)));
    run(shorter, RunOptions.NONE.withCheckpoints(every(2, true)));
    List<Path> files;
    try (var all = Files.walk(directory.resolve("checkpoints"))) {
      files =
          all.filter(file -> file.toString().contains("step-000006"))
              .filter(file -> file.getFileName().toString().startsWith("layer-0002-weights"))
              .toList();
    }
    byte[] bytes = Files.readAllBytes(files.get(0));
    bytes[bytes.length - 3] ^= 4;
    Files.write(files.get(0), bytes);
    Files.deleteIfExists(files.get(0).resolveSibling("." + files.get(0).getFileName() + ".crc"));
    assertSame(
        undisturbed, run(sabotaged(2, flag), RunOptions.NONE.withCheckpoints(every(2, true))));
    // It goes on from the damaged one, and then from the one before.
    assertEquals(2, incidents(RunIncident.Kind.RETRY).size());
  }

  @Test
  void anotherScheduleGoesOnToo() throws Exception {
    Path flag = directory.resolve("flag");
    TrainingResult undisturbed = run(sabotaged(1, flag), RunOptions.NONE);
    Updater updater =
        Updater.of(new Sabotage(Sabotage.Deed.THROW, SmallRun.PARAMETERS.get(1), flag));
    run(SmallRun.plan(3, 2, updater), RunOptions.NONE.withCheckpoints(every(4, true)));
    TrainingPlan virtual =
        SmallRun.plan(List.of(0, 1, 2, 4), Schedules.generate("interleaved", 2, 4), 4, updater);
    assertSame(undisturbed, run(virtual, RunOptions.NONE.withCheckpoints(every(4, true))));
  }

  @Test
  void otherPeoplesFilesInTheDirectoryStay() throws Exception {
    Path all = Files.createDirectories(directory.resolve("checkpoints"));
    Path thesis = Files.createDirectories(all.resolve("step-by-step")).resolve("thesis.txt");
    Path notes = all.resolve("step-notes.txt");
    Path mine = Files.createDirectories(all.resolve("step-000500-mine")).resolve("precious");
    for (Path file : List.of(thesis, notes, mine)) {
      Files.writeString(file, "mine");
    }
    run(
        plan(2, Updater.sgd(0.1)),
        RunOptions.NONE.withCheckpoints(
            new Checkpoints(
                all.toUri().toString(), true, CheckpointRhythm.ofSteps(2), 1, false, model -> {})));
    for (Path file : List.of(thesis, notes, mine)) {
      assertTrue(Files.exists(file), file.toString());
    }
  }

  private void refused(TrainingPlan other, RunOptions options, String difference) {
    String told =
        assertThrows(
                IllegalArgumentException.class,
                () -> run(other, options.withCheckpoints(every(2, true))))
            .getMessage();
    assertTrue(told.contains(difference), told);
  }

  @Test
  void allThatWeightsFollowFromIsComparedWithTheCheckpoint() {
    Updater falling = Updater.sgd(0.1).with(UpdateOptions.NONE.withDecay(RateDecay.LINEAR));
    TrainingPlan own = plan(2, falling);
    run(own, RunOptions.NONE.withCheckpoints(every(2, true)));
    refused(SmallRun.plan(2, 9, falling), RunOptions.NONE, "maxIter, by which the learning rate");
    refused(SmallRun.plan(2, 2, falling), RunOptions.NONE, "maxIter, by which the learning rate");
    refused(own.stopping(new EarlyStopping(3, 0)), RunOptions.NONE, "differs in early stopping");
    NetworkWeights begun = run(plan(1, Updater.sgd(0.1)), RunOptions.NONE).weights();
    refused(own, RunOptions.NONE.withInitialWeights(begun), "differs in initialModel");
  }

  @Test
  void aRunCannotGoBackToFewerEpochs() {
    run(plan(2, Updater.sgd(0.1)), RunOptions.NONE.withCheckpoints(every(2, true)));
    refused(SmallRun.plan(2, 3, Updater.sgd(0.1)), RunOptions.NONE, "but maxIter is 3: a run");
  }

  @Test
  void aDirectoryThatCannotBeWrittenToIsRefusedBeforeTheJob() throws Exception {
    Files.createFile(directory.resolve("checkpoints"));
    refused(plan(2, Updater.sgd(0.1)), RunOptions.NONE, "Checkpoints cannot be written to file:");
  }

  @Test
  void filesThatTheDriverDoesNotSeeMakeNoCheckpoint() throws Exception {
    CheckpointDirectory there =
        new CheckpointDirectory(
            directory.toUri().toString(), spark.sparkContext().hadoopConfiguration());
    Files.writeString(directory.resolve("here"), "four");
    there.checkSeen(directory.toUri().toString(), List.of(new FileSum("here", 4, 0)));
    for (FileSum elsewhere : List.of(new FileSum("here", 5, 0), new FileSum("gone", 4, 0))) {
      String told =
          assertThrows(
                  IOException.class,
                  () -> there.checkSeen(directory.toUri().toString(), List.of(elsewhere)))
              .getMessage();
      assertTrue(told.contains("the directory is not shared"), told);
    }
  }
}
