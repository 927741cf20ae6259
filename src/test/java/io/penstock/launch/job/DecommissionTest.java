package io.penstock.launch.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.conf.Settings;
import io.penstock.event.FailureKind;
import io.penstock.event.RankPlace;
import io.penstock.event.RanksReady;
import io.penstock.event.RunIncident;
import io.penstock.event.RunIncident.Kind;
import io.penstock.launch.cluster.ClusterOffer;
import io.penstock.launch.cluster.PreflightException;
import io.penstock.nn.update.Updater;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.apache.spark.ExecutorAllocationClient;
import org.apache.spark.SparkContext;
import org.apache.spark.scheduler.ExecutorDecommissionInfo;
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
import scala.Option;

/** Spark takes an executor away while a run needs it. */
@Timeout(180)
@Tag("slow")
class DecommissionTest {
  private static SparkSession spark;

  @BeforeAll
  static void start() throws InterruptedException {
    spark =
        Executors.of(2, 1)
            .config("spark.decommission.enabled", "true")
            .config("spark.executor.heartbeatInterval", "1s")
            .config(Settings.PREFLIGHT_WAIT.key(), "1s") // the second fit is to be refused soon
            .getOrCreate();
    ClusterOffer offer = ClusterOffer.of(spark.sparkContext());
    while (offer.executors() < 2 || offer.slots() < 2) {
      Thread.sleep(50);
      offer = ClusterOffer.of(spark.sparkContext());
    }
  }

  @AfterAll
  static void stop() {
    spark.stop();
  }

  @Test
  void anExecutorThatIsTakenAwayIsNoticedBeforeARunAndInOne() throws Exception {
    CompletableFuture<RanksReady> ready = new CompletableFuture<>();
    CompletableFuture<RunIncident> leaving = new CompletableFuture<>();
    CompletableFuture<RunIncident> gone = new CompletableFuture<>();
    SparkContext context = spark.sparkContext();
    context.addSparkListener(
        new SparkListener() {
          @Override
          public void onOtherEvent(SparkListenerEvent event) {
            if (event instanceof RanksReady now) {
              ready.complete(now);
            } else if (event instanceof RunIncident told && told.kind() == Kind.DECOMMISSIONING) {
              leaving.complete(told);
            } else if (event instanceof RunIncident told && told.kind() == Kind.FAILURE) {
              gone.complete(told);
            }
          }
        });
    Dataset<Row> data = SmallRun.rows(spark);
    CompletableFuture<TrainingResult> run =
        CompletableFuture.supplyAsync(
            () -> SmallRun.run(data, SmallRun.plan(2, 1_000_000, Updater.sgd(0.1))));

    run.whenComplete((none, failure) -> ready.completeExceptionally(failure));
    RankPlace place = ready.get().places().get(1);
    ((ExecutorAllocationClient) context.schedulerBackend())
        .decommissionExecutor(
            place.executor(),
            new ExecutorDecommissionInfo("the spot market wants it back", Option.empty()),
            false,
            false);
    RunIncident told = leaving.get();
    assertEquals(1, told.rank());
    assertTrue(told.text().startsWith(place.process() + " is being decommissioned"), told.text());

    // Both executors are registered still, and all settings are as they should be.
    PreflightException refused =
        assertThrows(PreflightException.class, () -> SmallRun.run(data, SmallRun.plan(2)));
    String complaint = refused.getMessage();
    assertTrue(complaint.contains("decommissioning executor " + place.executor()), complaint);
    assertFalse(complaint.contains("Set --conf"), complaint);

    assertTrue(ProcessHandle.of(place.pid()).orElseThrow().destroyForcibly());
    TrainingFailedException failed =
        assertInstanceOf(
            TrainingFailedException.class,
            assertThrows(ExecutionException.class, run::get).getCause());
    assertEquals(FailureKind.DECOMMISSIONED, failed.kind(), failed.getMessage());
    assertEquals(1, failed.rank().getAsInt());
    assertTrue(
        failed
            .getMessage()
            .startsWith("Lost rank 1: " + place.process() + " was decommissioned and is gone: "),
        failed.getMessage());
    assertTrue(failed.getMessage().contains("the spot market wants it back"), failed.getMessage());
    assertFalse(failed.getMessage().contains("memory"), failed.getMessage());
    assertFalse(failed.getMessage().contains("Executor decommission"), "Spark's prefix");
    assertEquals(FailureKind.DECOMMISSIONED, gone.get().failure());
    assertEquals(1, gone.get().rank());
    assertEquals(place.host(), gone.get().host());
  }
}
