package io.penstock.launch.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.penstock.event.FailureKind;
import io.penstock.ml.PipelineParallelClassificationModel;
import io.penstock.ml.PipelineParallelClassifier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.spark.SparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.scheduler.SparkListenerTaskStart;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.types.DataTypes;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever a run does when somebody ends it, in whichever way, it ends, and leaves nothing. */
@Timeout(180)
class EndedRunTest {
  private static SparkSession spark;

  @TempDir Path directory;
  private Gate gate;

  /** Tasks that are at work, as Spark's listeners hear. */
  private static final class Tasks extends SparkListener {
    private final Set<Long> running = new HashSet<>();

    @Override
    public synchronized void onTaskStart(SparkListenerTaskStart task) {
      running.add(task.taskInfo().taskId());
    }

    @Override
    public synchronized void onTaskEnd(SparkListenerTaskEnd task) {
      running.remove(task.taskInfo().taskId());
    }

    synchronized Set<Long> running() {
      return Set.copyOf(running);
    }
  }

  @BeforeEach
  void start() throws IOException {
    gate = Gate.in(directory);
    if (spark == null || spark.sparkContext().isStopped()) {
      spark =
          SparkSession.builder()
              .master("local[3]")
              .config("spark.ui.enabled", "false")
              .config("spark.plugins", MeetingGate.class.getName())
              .config("spark.sql.shuffle.partitions", "2")
              .getOrCreate();
    }
  }

  @AfterEach
  void open() throws Exception {
    MeetingGate.put(null);
    gate.open();
    awaitNone(Gate.class); // a task that stays for ever holds its network for ever
  }

  @AfterAll
  static void stop() {
    spark.stop();
  }

  static List<Arguments> waysToEndAPhase() {
    return Arrays.stream(Phase.values())
        .flatMap(phase -> Arrays.stream(Ending.values()).map(ending -> Arguments.of(phase, ending)))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("waysToEndAPhase")
  void aRunEndsInEveryPhase(Phase phase, Ending ending) throws Exception {
    SparkContext context = spark.sparkContext();
    Tasks tasks = new Tasks();
    context.addSparkListener(tasks);
    BackgroundRun run =
        new BackgroundRun(context, () -> phase.run(spark, gate, Files.createDirectory(files())));
    phase.awaitReached(run, gate);
    ending.end(spark, run.thread());
    Throwable thrown = run.failure();
    assertNotNull(thrown, "it has succeeded");
    TrainingFailedException failed =
        assertInstanceOf(TrainingFailedException.class, thrown, () -> trace(thrown));
    assertEquals(FailureKind.CANCELLED, failed.kind(), () -> trace(thrown));
    assertEquals(ending == Ending.INTERRUPT, run.isInterrupted());
    assertNull(context.getLocalProperty("spark.job.tags"));
    if (ending == Ending.STOP) {
      gate.open(); // a stopped application leaves the threads of a local master's tasks alone
      awaitNone(RankTask.class);
      return;
    }
    context.listenerBus().waitUntilEmpty();
    if (phase != Phase.QUERY) { // whose tasks are the query's own
      assertEquals(Set.of(), tasks.running());
    }
    assertEquals(List.of(), left());
    MeetingGate.put(null);
    SmallRun.run(SmallRun.rows(spark), SmallRun.plan(3));
    context.removeSparkListener(tasks);
  }

  private Path files() {
    return directory.resolve("files");
  }

  private List<String> left() throws IOException {
    try (Stream<Path> all = Files.walk(files())) {
      return all.skip(1).map(Path::toString).toList();
    }
  }

  private static String trace(Throwable thrown) {
    StringBuilder all = new StringBuilder();
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      all.append(cause).append('\n');
      Arrays.stream(cause.getStackTrace()).limit(30).forEach(at -> all.append(at).append('\n'));
    }
    return all.toString();
  }

  /** Waits until no thread of this process is in a method of this class. */
  private static void awaitNone(Class<?> where) throws InterruptedException {
    while (Thread.getAllStackTraces().values().stream()
        .flatMap(Arrays::stream)
        .anyMatch(frame -> frame.getClassName().equals(where.getName()))) {
      Thread.sleep(10);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Ending.class,
      names = {"JOB_GROUP", "ALL_JOBS", "TAG", "STOP"})
  void scoringEnds(Ending ending) throws Exception {
    Dataset<Row> rows = SmallRun.rows(spark);
    PipelineParallelClassificationModel model =
        new PipelineParallelClassifier()
            .setFeaturesCols(SmallRun.FEATURES.toArray(String[]::new))
            .setLayers(new int[] {4, 8, 6, 3})
            .setBatchSize(30)
            .setNumStages(2)
            .setEpochs(1)
            .fit(rows);
    Gate here = gate;
    UDF1<Double, Double> pass =
        value -> {
          here.pass();
          return value;
        };
    spark.udf().register("gated", pass, DataTypes.DoubleType);
    Dataset<Row> scored =
        model.transform(rows.selectExpr("gated(a) a", "b", "c", "d", "label")).select("prediction");
    SparkContext context = spark.sparkContext();
    BackgroundRun run = new BackgroundRun(context, scored::collectAsList);
    run.awaitReached(gate);
    ending.end(spark, run.thread());
    assertNotNull(run.failure(), "it has succeeded");
    gate.open();
    if (ending != Ending.STOP) {
      assertEquals(SmallRun.ROWS, scored.collectAsList().size());
    }
  }

  @Test
  void aRunOfAnInterruptedThreadDoesNotBegin() {
    Thread.currentThread().interrupt();
    try {
      TrainingFailedException failed =
          assertThrows(
              TrainingFailedException.class,
              () -> SmallRun.run(SmallRun.rows(spark), SmallRun.plan(3)));
      assertEquals(FailureKind.CANCELLED, failed.kind());
    } finally {
      assertEquals(true, Thread.interrupted());
    }
  }
}
