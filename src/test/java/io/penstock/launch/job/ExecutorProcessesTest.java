package io.penstock.launch.job;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.penstock.event.FailureKind;
import io.penstock.event.RunIncident;
import io.penstock.feed.BadRowException;
import io.penstock.feed.FeatureColumns;
import io.penstock.feed.LabelKind;
import io.penstock.launch.cluster.OutOfNativeMemoryException;
import io.penstock.launch.plugin.PenstockPlugin;
import io.penstock.nn.update.Updater;
import io.penstock.schedule.generate.Schedules;
import io.penstock.train.DivergedException;
import io.penstock.train.EarlyStopping;
import io.penstock.train.TrainingPlan;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerEvent;
import org.apache.spark.scheduler.SparkListenerExecutorRemoved;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(180)
@Tag("slow")
class ExecutorProcessesTest {
  private static final List<RunIncident> INCIDENTS = new CopyOnWriteArrayList<>();
  private static SparkSession spark;
  private static Dataset<Row> data;
  private static TrainingResult oneStage;

  @TempDir Path directory;

  /** Executors write there until they have ended. */
  private static Path metrics;

  @BeforeAll
  static void start() throws Exception {
    metrics = Files.createTempDirectory(Path.of("").toAbsolutePath(), "metrics");
    String sink = "spark.metrics.conf.executor.sink.csv.";
    spark =
        Executors.of(3, 1)
            .config("spark.plugins", PenstockPlugin.class.getName())
            .config(sink + "class", "org.apache.spark.metrics.sink.CsvSink")
            .config(sink + "directory", metrics.toString())
            .config(sink + "period", "1")
            .config(sink + "unit", "seconds")
            .getOrCreate();
    spark
        .sparkContext()
        .addSparkListener(
            new SparkListener() {
              @Override
              public void onOtherEvent(SparkListenerEvent event) {
                if (event instanceof RunIncident incident) {
                  INCIDENTS.add(incident);
                }
              }
            });
    data = SmallRun.rows(spark);
    oneStage = SmallRun.run(data, SmallRun.plan(1));
  }

  @AfterAll
  static void stop() {
    spark.stop();
  }

  @Test
  void everyStageHasAProcessOfItsOwnAndTheResultIsTheSame() {
    TrainingResult three = SmallRun.run(data, SmallRun.plan(3));
    Set<Long> processes = new HashSet<>(three.processes());
    assertEquals(3, processes.size());
    assertFalse(processes.contains(ProcessHandle.current().pid()));
    assertArrayEquals(oneStage.stepLosses(), three.stepLosses());
    assertEquals(Set.of(0, 2, 4), three.weights().layers());
    oneStage
        .weights()
        .toMap()
        .forEach((layer, w) -> assertArrayEquals(w, three.weights().of(layer)));
  }

  @Test
  void numbersThatGoBadOnAnExecutorAreToldAtTheDriver() {
    TrainingPlan plan = SmallRun.plan(3, 2, Updater.sgd(1e30));
    TrainingFailedException thrown =
        assertThrows(TrainingFailedException.class, () -> SmallRun.run(data, plan));
    DivergedException cause = assertInstanceOf(DivergedException.class, thrown.getCause());
    assertEquals(FailureKind.BAD_NUMBERS, thrown.kind());
    assertEquals(0, cause.epoch());
    assertEquals(0, cause.step());
    assertTrue(cause.layer() >= 0, cause.getMessage());
    assertTrue(thrown.getMessage().contains(cause.getMessage()), thrown.getMessage());
    SmallRun.assertSame(oneStage, SmallRun.plan(3), SmallRun.run(data, SmallRun.plan(3)));
  }

  @Test
  void everyExecutorTellsItsRankToItsSinks() throws Exception {
    TrainingPlan plan = SmallRun.plan(3, 11, Updater.adam(0.01));
    TrainingResult result = SmallRun.run(data, plan);
    Set<String> executors = new HashSet<>();
    for (int rank = 0; rank < 3; rank++) {
      executors.add(awaitMetric(rank, "steps", result.stepLosses().length));
      awaitMetric(rank, "bytesSent", result.traffic().get(rank).bytesSent());
      awaitMetric(rank, "running", 0);
    }
    assertEquals(3, executors.size());
  }

  /** Waits until an executor has told this, and returns which. */
  private static String awaitMetric(int rank, String name, long value) throws Exception {
    String end = ".plugin." + PenstockPlugin.class.getName() + ".rank" + rank + "." + name + ".csv";
    while (true) {
      for (Path file : files(end)) {
        List<String> lines = Files.readAllLines(file);
        if (lines.get(lines.size() - 1).endsWith("," + value)) {
          String source = file.getFileName().toString().replace(end, "");
          return source.substring(source.lastIndexOf('.') + 1);
        }
      }
      Thread.sleep(100);
    }
  }

  private static List<Path> files(String end) throws Exception {
    try (Stream<Path> all = Files.list(metrics)) {
      return all.filter(file -> file.toString().endsWith(end)).toList();
    }
  }

  static List<String> schedules() {
    return Schedules.ids();
  }

  @ParameterizedTest
  @MethodSource("schedules")
  void everyScheduleRunsOnProcessesWithTheSameResult(String id) {
    TrainingPlan plan = SmallRun.onTwoRanks(id);
    TrainingResult two = SmallRun.run(data, plan);
    assertEquals(2, new HashSet<>(two.processes()).size());
    SmallRun.assertSame(oneStage, plan, two);
  }

  @Test
  void allProcessesLeaveARunThatStopsEarlyAndGoOnFromItsWeights() {
    Dataset<Row> held = ValidatedTrainingTest.held(data);
    TrainingPlan plan = SmallRun.plan(3, 5000, Updater.adam(0.2)).stopping(new EarlyStopping(3, 0));
    TrainingResult stopped = ValidatedTrainingTest.run(held, plan);
    int best = stopped.bestEpoch().orElseThrow();
    assertEquals(best + 4, stopped.epochs().size());
    TrainingResult one =
        ValidatedTrainingTest.run(held, SmallRun.plan(1, best + 1, Updater.adam(0.2)));
    one.weights().toMap().forEach((layer, w) -> assertArrayEquals(w, stopped.weights().of(layer)));
    TrainingResult next =
        TrainingJob.run(
            data,
            FeatureColumns.of(data, SmallRun.FEATURES, "label"),
            LabelKind.classId(3),
            SmallRun.plan(2),
            RunOptions.NONE.withInitialWeights(stopped.weights()));
    assertTrue(next.stepLosses()[0] < oneStage.stepLosses()[0]);
  }

  @Test
  void theExceptionOfAStageIsTheCauseAtTheDriver() throws Exception {
    for (int rank = 0; rank < 3; rank++) {
      TrainingFailedException failed = fails(Sabotage.Deed.THROW, rank, 3);
      assertInstanceOf(Sabotage.Planned.class, failed.getCause());
      assertEquals(FailureKind.EXCEPTION, failed.kind());
      assertEquals(rank, failed.rank().getAsInt());
      String told = failed.getMessage();
      assertTrue(told.startsWith("Rank " + rank + " on "), told);
      assertTrue(told.matches(".*: planned\\. See the log of executor \\d+ for more\\."), told);
    }
  }

  @Test
  void everyProcessWritesItsPartOfACheckpoint() throws Exception {
    List<String> completed = new ArrayList<>();
    Checkpoints wanted =
        new Checkpoints(directory.toUri().toString(), 1, true, model -> completed.add(model));
    CheckpointsTest.run(data, SmallRun.plan(3), wanted);
    assertEquals(2, completed.size());
    CheckpointsTest.assertHolds(oneStage, completed.get(1));
  }

  @Test
  void aBadRowIsToldAsSuch() {
    Dataset<Row> bad = data.selectExpr("a", "b", "if(a > 0.98, null, c) c", "d", "label");
    BadRowException told =
        assertThrows(BadRowException.class, () -> SmallRun.run(bad, SmallRun.plan(3)));
    assertEquals("c", told.column());
  }

  @Test
  void anErrorOfAStageIsTheCauseAtTheDriver() throws Exception {
    TrainingFailedException failed = fails(Sabotage.Deed.LINKAGE, 1, 3);
    assertInstanceOf(NoClassDefFoundError.class, failed.getCause());
    assertEquals(FailureKind.EXCEPTION, failed.kind());
    String told = failed.getMessage();
    assertTrue(told.contains("failed: java.lang.NoClassDefFoundError: org/example/Missing."), told);
  }

  @Test
  void aStageThatGoesTooDeepTakesNoExecutorWithIt() throws Exception {
    Set<Long> before = new HashSet<>(SmallRun.run(data, SmallRun.plan(3)).processes());
    TrainingFailedException failed = fails(Sabotage.Deed.OVERFLOW, 1, 3);
    assertInstanceOf(StackOverflowError.class, failed.getCause());
    assertEquals(FailureKind.EXCEPTION, failed.kind());
    assertEquals(before, new HashSet<>(SmallRun.run(data, SmallRun.plan(3)).processes()));
  }

  /** Spark ends the process for it, but not before it was heard why. */
  @Test
  void anExecutorWithoutMemorySaysSoBeforeItEnds() throws Exception {
    incidents();
    CompletableFuture<String> removed = new CompletableFuture<>();
    SparkListener listener =
        new SparkListener() {
          @Override
          public void onExecutorRemoved(SparkListenerExecutorRemoved event) {
            removed.complete(event.reason());
          }
        };
    spark.sparkContext().addSparkListener(listener);
    TrainingFailedException failed = fails(Sabotage.Deed.MEMORY, 1, 3);
    removed.get();
    spark.sparkContext().removeSparkListener(listener);
    assertInstanceOf(OutOfMemoryError.class, failed.getCause());
    assertEquals(FailureKind.EXCEPTION, failed.kind());
    assertEquals(1, failed.rank().getAsInt());
    assertTrue(failed.getMessage().contains("Java heap space"), failed.getMessage());
    assertEquals(FailureKind.EXCEPTION, incidents().get(0).failure());
    assertArrayEquals(oneStage.stepLosses(), SmallRun.run(data, SmallRun.plan(3)).stepLosses());
  }

  @Test
  void aStageThatOutgrowsItsMemoryNamesTheSettingAndTakesNoExecutorWithIt() throws Exception {
    Set<Long> before = new HashSet<>(SmallRun.run(data, SmallRun.plan(3)).processes());
    TrainingFailedException failed = fails(Sabotage.Deed.HOARD, 1, 3);
    assertInstanceOf(OutOfNativeMemoryException.class, failed.getCause());
    assertEquals(FailureKind.EXCEPTION, failed.kind());
    String told = failed.getMessage();
    assertTrue(told.contains("may allocate 512 MiB"), told);
    assertTrue(told.contains("Set --conf spark.executor.memoryOverhead=768m or more"), told);
    assertEquals(before, new HashSet<>(SmallRun.run(data, SmallRun.plan(3)).processes()));
  }

  @Test
  void aLostExecutorIsNamedAndTheNextFitFindsItsSuccessor() throws Exception {
    for (int rank = 0; rank < 3; rank += 2) {
      incidents(); // what other runs told
      TrainingFailedException failed = fails(Sabotage.Deed.HALT, rank, 3);
      assertLost(rank, failed);
      assertArrayEquals(oneStage.stepLosses(), SmallRun.run(data, SmallRun.plan(3)).stepLosses());
    }
  }

  @Test
  void aLostExecutorIsNamedAlsoWhereNoPeerMissesIt() throws Exception {
    incidents();
    assertLost(0, fails(Sabotage.Deed.HALT, 0, 1));
  }

  private static void assertLost(int rank, TrainingFailedException failed) throws Exception {
    String told = failed.getMessage();
    assertEquals(FailureKind.EXECUTOR_LOST, failed.kind(), told);
    assertEquals(rank, failed.rank().getAsInt(), told);
    assertTrue(told.matches("Lost rank " + rank + ": executor \\d+ on \\S+ is gone: .*"), told);
    String executor = told.replaceAll("(?s).*: executor (\\d+) on .*", "$1");
    assertTrue(told.contains("The log of executor " + executor + " holds the cause"), told);
    assertFalse(told.contains(".."), told);
    List<RunIncident> incidents = incidents();
    assertEquals(
        List.of(FailureKind.EXECUTOR_LOST), incidents.stream().map(RunIncident::failure).toList());
    assertEquals(rank, incidents.get(0).rank());
    assertEquals(failed.host().get(), incidents.get(0).host());
  }

  @Test
  void aConnectionThatBreaksBetweenLivingExecutorsIsNoLostExecutor() throws Exception {
    assumeTrue(ListeningSockets.canBeTold(), "connections are found by Linux's tables");
    Set<Long> before = new HashSet<>(SmallRun.run(data, SmallRun.plan(3)).processes());
    incidents();
    TrainingFailedException failed = fails(Sabotage.Deed.CUT, 1, 3);
    String told = failed.getMessage();
    assertEquals(FailureKind.LINK_BROKEN, failed.kind(), told);
    assertTrue(
        told.matches(
            "The connection between rank \\d \\(executor \\d+ on \\S+\\) and rank \\d"
                + " \\(executor \\d+ on \\S+, \\S+:\\d+\\) .*; both executors are alive\\. .*"),
        told);
    assertFalse(told.contains("memory"), told);
    assertFalse(told.contains(".."), told);
    List<RunIncident> incidents = incidents();
    assertEquals(
        List.of(FailureKind.LINK_BROKEN), incidents.stream().map(RunIncident::failure).toList());
    assertEquals(failed.rank().getAsInt(), incidents.get(0).rank());
    assertEquals(before, new HashSet<>(SmallRun.run(data, SmallRun.plan(3)).processes()));
  }

  @Test
  void aFullDiskOfAnExecutorIsToldAsSuch() throws Exception {
    FullDisk.mount(spark.sparkContext().hadoopConfiguration());
    Checkpoints wanted = new Checkpoints(FullDisk.under(directory), 1, true, model -> {});
    incidents();
    TrainingFailedException failed =
        assertThrows(
            TrainingFailedException.class,
            () -> CheckpointsTest.run(data, SmallRun.plan(3), wanted));
    assertEquals(FailureKind.CHECKPOINT_FAILED, failed.kind(), failed.getMessage());
    assertTrue(failed.getMessage().contains(": No space left on device. "), failed.getMessage());
    assertEquals(FailureKind.CHECKPOINT_FAILED, incidents().get(0).failure());
  }

  /** What was told of since this was asked last. */
  private static List<RunIncident> incidents() throws Exception {
    spark.sparkContext().listenerBus().waitUntilEmpty();
    List<RunIncident> told = List.copyOf(INCIDENTS);
    INCIDENTS.clear();
    return told;
  }

  private TrainingFailedException fails(Sabotage.Deed deed, int rank, int stages) throws Exception {
    Path flag = Sabotage.flagIn(directory);
    Sabotage sabotage = new Sabotage(deed, SmallRun.PARAMETERS.get(rank), flag);
    TrainingPlan plan = SmallRun.plan(stages, 1_000_000, Updater.of(sabotage));
    return assertThrows(TrainingFailedException.class, () -> SmallRun.run(data, plan));
  }
}
