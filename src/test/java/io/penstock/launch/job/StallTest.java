package io.penstock.launch.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.conf.Settings;
import io.penstock.event.FailureKind;
import io.penstock.event.RankPlace;
import io.penstock.event.RanksReady;
import io.penstock.event.RunIncident;
import io.penstock.nn.update.Updater;
import io.penstock.train.TrainingPlan;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerEvent;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Executors that neither end nor go on. */
@Timeout(300)
@Tag("slow")
class StallTest {
  private static final BlockingQueue<RanksReady> READY = new LinkedBlockingQueue<>();
  private static final BlockingQueue<RunIncident> INCIDENTS = new LinkedBlockingQueue<>();
  private static SparkSession spark;
  private static Dataset<Row> data;

  @TempDir Path directory;

  @BeforeAll
  static void start() {
    spark = Executors.of(2, 1).config(Settings.STALL_TIMEOUT.key(), "10s").getOrCreate();
    spark
        .sparkContext()
        .addSparkListener(
            new SparkListener() {
              @Override
              public void onOtherEvent(SparkListenerEvent event) {
                if (event instanceof RanksReady now) {
                  READY.add(now);
                } else if (event instanceof RunIncident told) {
                  INCIDENTS.add(told);
                }
              }
            });
    data = SmallRun.rows(spark);
  }

  @AfterAll
  static void stop() {
    spark.stop();
  }

  private static TrainingFailedException failureOf(CompletableFuture<TrainingResult> run) {
    return assertInstanceOf(
        TrainingFailedException.class, assertThrows(ExecutionException.class, run::get).getCause());
  }

  private static void assertToldOnceAs(TrainingFailedException failed, int rank) throws Exception {
    assertEquals(FailureKind.STALLED, failed.kind(), failed.getMessage());
    assertEquals(rank, failed.rank().getAsInt(), failed.getMessage());
    RunIncident told = INCIDENTS.take();
    assertEquals(FailureKind.STALLED, told.failure(), told.text());
    assertEquals(rank, told.rank());
    assertEquals(failed.getMessage(), told.text());
  }

  @Test
  void anExecutorThatIsStoppedIsNamedAndReplaced() throws Exception {
    TrainingPlan endless = SmallRun.plan(2, 1_000_000, Updater.sgd(0.1));
    CompletableFuture<TrainingResult> run =
        CompletableFuture.supplyAsync(() -> SmallRun.run(data, endless));
    RankPlace stopped = READY.take().places().get(1);
    ProcessHandle process = ProcessHandle.of(stopped.pid()).orElseThrow();
    new ProcessBuilder("kill", "-STOP", Long.toString(stopped.pid())).start().waitFor();
    TrainingFailedException failed = failureOf(run);
    assertToldOnceAs(failed, 1);
    String told = failed.getMessage();
    assertTrue(told.startsWith("Lost rank 1: " + stopped.process() + " has not been heard"), told);
    assertTrue(told.contains("when it was last heard, it "), told);
    process.onExit().get();
    goesOnWithout(stopped.pid());
  }

  @Test
  void codeThatHangsIsNamedWithItsStackAndItsExecutorReplaced() throws Exception {
    Path flag = Sabotage.flagIn(directory);
    Sabotage sabotage = new Sabotage(Sabotage.Deed.HANG, SmallRun.PARAMETERS.get(0), flag);
    TrainingPlan plan = SmallRun.plan(2, 1_000_000, Updater.of(sabotage));
    CompletableFuture<TrainingResult> run =
        CompletableFuture.supplyAsync(() -> SmallRun.run(data, plan));
    RankPlace hung = READY.take().places().get(0);
    ProcessHandle process = ProcessHandle.of(hung.pid()).orElseThrow();
    TrainingFailedException failed = failureOf(run);
    assertToldOnceAs(failed, 0);
    String told = failed.getMessage();
    assertTrue(told.startsWith("Rank 0 on " + hung.process() + " hangs: for "), told);
    assertTrue(told.contains(Sabotage.class.getName() + ".hang("), told);
    process.onExit().get();
    awaitLog(hung, "for rank 0 moves on no more: it was in step ");
    awaitLog(hung, "\tat " + Sabotage.class.getName() + ".hang(");
    goesOnWithout(hung.pid());
  }

  /** Returns when an executor's log has these words; the test's own limit ends it. */
  private static void awaitLog(RankPlace place, String words) throws Exception {
    Path log = Path.of("work", spark.sparkContext().applicationId(), place.executor(), "stderr");
    while (!Files.readString(log).contains(words)) {
      Thread.sleep(50);
    }
  }

  /** The executor's slot comes back, in a process of its own. */
  private static void goesOnWithout(long pid) {
    List<Long> processes = SmallRun.run(data, SmallRun.plan(2)).processes();
    assertEquals(2, new HashSet<>(processes).size());
    assertTrue(!processes.contains(pid), processes + " without " + pid);
    READY.clear();
  }
}
