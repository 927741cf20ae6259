package io.penstock.launch.job;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.conf.Settings;
import io.penstock.event.EpochCompleted;
import io.penstock.event.FailureKind;
import io.penstock.feed.BadRowException;
import io.penstock.feed.EmptyDataException;
import io.penstock.launch.cluster.PreflightException;
import io.penstock.link.LinkStats;
import io.penstock.nn.update.Updater;
import io.penstock.schedule.generate.Schedules;
import io.penstock.testing.LocalSpark;
import io.penstock.train.TrainingPlan;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;
import org.apache.spark.SparkEnv;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerEvent;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(300)
@LocalSpark(slots = 3)
class TrainingJobTest {
  private static final String INTERRUPT = "spark.job.interruptOnCancel";
  private static final int FOREVER = 1_000_000;

  private static SparkSession spark;
  private static SparkContext context;
  private static Dataset<Row> data;

  @TempDir Path directory;

  @BeforeAll
  static void start(SparkSession session) {
    spark = session;
    context = spark.sparkContext();
    data = SmallRun.rows(spark);
    SmallRun.run(data, SmallRun.plan(1)); // loads ND4J
  }

  @Test
  void theNumberOfStagesChangesNothing() {
    TrainingResult one = SmallRun.run(data, SmallRun.plan(1));
    TrainingResult three = SmallRun.run(data, SmallRun.plan(3));
    assertArrayEquals(one.stepLosses(), three.stepLosses());
    assertEquals(one.weights().layers(), three.weights().layers());
    one.weights().toMap().forEach((layer, w) -> assertArrayEquals(w, three.weights().of(layer)));
    assertEquals(2 * SmallRun.STEPS, one.stepLosses().length);
    assertEquals(3, three.processes().size());
    assertEquals(List.of(3, 2, 1), three.peakActivations());
    assertEquals(one.epochs().get(1).loss(), three.epochs().get(1).loss());
  }

  @Test
  void theTrafficIsActivationsForwardAndGradientsBack() {
    TrainingResult three = SmallRun.run(data, SmallRun.plan(3));
    long column = 2L * SmallRun.ROWS * Float.BYTES; // two epochs of one number a row
    assertEquals(
        List.of(8 * column, (8 + 6) * column, 6 * column),
        three.traffic().stream().map(LinkStats::bytesSent).toList());
    assertEquals(
        List.of(8 * column, (8 + 6) * column, 6 * column),
        three.traffic().stream().map(LinkStats::bytesReceived).toList());
  }

  static List<String> schedules() {
    return Schedules.ids();
  }

  @ParameterizedTest
  @MethodSource("schedules")
  void everyScheduleRunsOnThreadsWithTheSameResult(String id) {
    TrainingPlan plan = SmallRun.onTwoRanks(id);
    SmallRun.assertSame(SmallRun.run(data, SmallRun.plan(1)), plan, SmallRun.run(data, plan));
  }

  @Test
  void theWayOfTheFramesChangesNothing() {
    TrainingResult memory = SmallRun.run(data, SmallRun.plan(3));
    SparkConf conf = SparkEnv.get().conf(); // in local mode, also what tasks see
    conf.set(Settings.NETWORK_ONLY.key(), "true");
    try {
      TrainingResult network = SmallRun.run(data, SmallRun.plan(3));
      assertArrayEquals(memory.stepLosses(), network.stepLosses());
      memory
          .weights()
          .toMap()
          .forEach((layer, w) -> assertArrayEquals(w, network.weights().of(layer)));
    } finally {
      conf.remove(Settings.NETWORK_ONLY.key());
    }
  }

  @Test
  void listenersHearOfEveryEpoch() throws Exception {
    List<EpochCompleted> heard = new CopyOnWriteArrayList<>();
    TrainingResult result =
        listening(
            new SparkListener() {
              @Override
              public void onOtherEvent(SparkListenerEvent event) {
                if (event instanceof EpochCompleted epoch) {
                  heard.add(epoch);
                }
              }
            },
            () -> SmallRun.run(data, SmallRun.plan(2)));
    assertEquals(List.of(0, 1), heard.stream().map(EpochCompleted::epoch).toList());
    assertEquals(result.epochs(), heard);
  }

  @Test
  void tooFewSlotsAreRefusedWithoutAJob() throws Exception {
    AtomicInteger jobs = new AtomicInteger();
    TrainingPlan four =
        SmallRun.plan(List.of(0, 2, 3, 4), Schedules.generate("gpipe", 4, 4), 1, Updater.sgd(0.1));
    PreflightException refused =
        listening(
            new SparkListener() {
              @Override
              public void onJobStart(SparkListenerJobStart start) {
                jobs.incrementAndGet();
              }
            },
            () -> assertThrows(PreflightException.class, () -> SmallRun.run(data, four)));
    assertTrue(refused.getMessage().contains("--master local[4]"), refused.getMessage());
    assertEquals(0, jobs.get());
  }

  @Test
  void theExceptionOfAStageIsTheCauseAtTheDriver() throws Exception {
    for (int rank = 0; rank < 3; rank++) {
      int failing = rank;
      Path flag = Sabotage.flagIn(directory);
      TrainingFailedException failed =
          assertThrows(
              TrainingFailedException.class, () -> SmallRun.run(data, sabotaged(flag, failing)));
      assertInstanceOf(Sabotage.Planned.class, failed.getCause());
      assertEquals(FailureKind.EXCEPTION, failed.kind());
      assertEquals(rank, failed.rank().getAsInt());
      assertTrue(
          failed.getMessage().endsWith(": planned. See the driver's log for more."),
          failed.getMessage());
      assertTrue(failed.getMessage().startsWith("Rank " + rank + " on "), failed.getMessage());
    }
  }

  @Test
  void aBadRowIsToldAsSuch() {
    Dataset<Row> bad = data.selectExpr("a", "b", "if(a > 0.98, null, c) c", "d", "label");
    BadRowException told =
        assertThrows(BadRowException.class, () -> SmallRun.run(bad, SmallRun.plan(3)));
    assertEquals(2, told.partition());
    assertEquals("c", told.column());
    assertTrue(told.getMessage().contains("'c'"), told.getMessage());
  }

  @Test
  void noRowsAreToldAsSuch() {
    Dataset<Row> none = data.where("a < 0");
    assertThrows(EmptyDataException.class, () -> SmallRun.run(none, SmallRun.plan(3)));
    assertThrows(EmptyDataException.class, () -> SmallRun.run(none, SmallRun.plan(1)));
  }

  @Test
  void aCancelledJobGroupEnds() throws Exception {
    CountDownLatch training = new CountDownLatch(3);
    listening(
        afterAnEpoch(training),
        () -> {
          CompletableFuture<TrainingResult> run =
              CompletableFuture.supplyAsync(
                  () -> {
                    context.setJobGroup("fits", "to be cancelled", false);
                    return SmallRun.run(data, SmallRun.plan(3, FOREVER, Updater.sgd(0.1)));
                  });
          training.await();
          context.cancelJobGroup("fits");
          ExecutionException ended = assertThrows(ExecutionException.class, run::get);
          assertEquals(
              FailureKind.CANCELLED,
              assertInstanceOf(TrainingFailedException.class, ended.getCause()).kind());
          assertTrue(ended.getMessage().contains("cancelled"), ended.getMessage());
          return null;
        });
    // The slots are free again.
    SmallRun.run(data, SmallRun.plan(3));
  }

  @Test
  void anInterruptedCallerCancelsTheRun() throws Exception {
    CountDownLatch training = new CountDownLatch(1);
    CompletableFuture<Throwable> ended = new CompletableFuture<>();
    Thread caller =
        new Thread(
            () -> {
              try {
                SmallRun.run(data, SmallRun.plan(3, FOREVER, Updater.sgd(0.1)));
                ended.complete(null);
              } catch (Throwable thrown) {
                boolean kept = Thread.currentThread().isInterrupted();
                ended.complete(kept ? thrown : new AssertionError("no flag is left", thrown));
              }
            });
    listening(
        afterAnEpoch(training),
        () -> {
          caller.start();
          training.await();
          caller.interrupt();
          Throwable thrown = ended.get();
          TrainingFailedException failed = assertInstanceOf(TrainingFailedException.class, thrown);
          assertEquals(FailureKind.CANCELLED, failed.kind());
          assertTrue(thrown.getMessage().contains("the job is cancelled"), thrown.getMessage());
          return null;
        });
    // The slots are free again: Spark would have left the job running.
    SmallRun.run(data, SmallRun.plan(3));
  }

  @Test
  void theUsersOwnLocalPropertiesComeBack() throws Exception {
    SmallRun.run(data, SmallRun.plan(1));
    assertNull(context.getLocalProperty(INTERRUPT));
    context.setLocalProperty(INTERRUPT, "false");
    try {
      SmallRun.run(data, SmallRun.plan(1));
      assertEquals("false", context.getLocalProperty(INTERRUPT));
      Path flag = Sabotage.flagIn(directory);
      assertThrows(TrainingFailedException.class, () -> SmallRun.run(data, sabotaged(flag, 0)));
      assertEquals("false", context.getLocalProperty(INTERRUPT));
    } finally {
      context.setLocalProperty(INTERRUPT, null);
    }
  }

  private static SparkListener afterAnEpoch(CountDownLatch latch) {
    return new SparkListener() {
      @Override
      public void onOtherEvent(SparkListenerEvent event) {
        if (event instanceof EpochCompleted) {
          latch.countDown();
        }
      }
    };
  }

  private static TrainingPlan sabotaged(Path flag, int rank) {
    Sabotage sabotage = new Sabotage(Sabotage.Deed.THROW, SmallRun.PARAMETERS.get(rank), flag);
    return SmallRun.plan(3, FOREVER, Updater.of(sabotage));
  }

  private interface Body<T> {
    T run() throws Exception;
  }

  /** Runs with a listener that has heard everything when this returns. */
  private static <T> T listening(SparkListener listener, Body<T> body) throws Exception {
    context.addSparkListener(listener);
    try {
      T result = body.run();
      context.listenerBus().waitUntilEmpty();
      return result;
    } finally {
      context.removeSparkListener(listener);
    }
  }
}
