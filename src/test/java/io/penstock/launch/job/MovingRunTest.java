package io.penstock.launch.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.conf.Settings;
import io.penstock.event.FailureKind;
import io.penstock.event.RankPlace;
import io.penstock.event.RanksReady;
import io.penstock.event.RunIncident;
import io.penstock.event.RunIncident.Kind;
import io.penstock.feed.FeatureColumns;
import io.penstock.feed.LabelKind;
import io.penstock.nn.update.Updater;
import io.penstock.train.TrainingPlan;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import org.apache.spark.ExecutorAllocationClient;
import org.apache.spark.SparkContext;
import org.apache.spark.scheduler.ExecutorDecommissionInfo;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerEvent;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import scala.Option;

/** Runs that go on with other executors than they began with, on a cluster of real processes. */
@Timeout(300)
@Tag("slow")
class MovingRunTest {
  private final BlockingQueue<RanksReady> ready = new LinkedBlockingQueue<>();
  private final BlockingQueue<RunIncident> incidents = new LinkedBlockingQueue<>();

  @TempDir Path directory;

  private void listen(SparkContext context) {
    context.addSparkListener(
        new SparkListener() {
          @Override
          public void onOtherEvent(SparkListenerEvent event) {
            if (event instanceof RanksReady now) {
              ready.add(now);
            } else if (event instanceof RunIncident told) {
              incidents.add(told);
            }
          }
        });
  }

  /** The next incident of a kind; those before it are forgotten. */
  private RunIncident next(Kind kind) throws InterruptedException {
    while (true) {
      RunIncident told = incidents.take();
      if (told.kind() == kind) {
        return told;
      }
    }
  }

  private static TrainingPlan endless(int stages) {
    return SmallRun.plan(stages, 1_000_000, Updater.adam(0.01));
  }

  /** A run without end, with checkpoints all the time. */
  private CompletableFuture<TrainingResult> begin(SparkSession spark) {
    listen(spark.sparkContext());
    Dataset<Row> data = SmallRun.rows(spark);
    Checkpoints often =
        new Checkpoints(
            directory.resolve("checkpoints").toUri().toString(),
            true,
            new CheckpointRhythm(0, 0, 0.2),
            2,
            true,
            model -> {});
    return CompletableFuture.supplyAsync(
        () ->
            TrainingJob.run(
                data,
                FeatureColumns.of(data, SmallRun.FEATURES, "label"),
                LabelKind.classId(3),
                endless(2),
                RunOptions.NONE.withCheckpoints(often).withElastic(MovingRunTest::endless)));
  }

  private static void end(SparkSession spark, CompletableFuture<TrainingResult> run)
      throws Exception {
    spark.stop();
    run.handle((none, ended) -> none).get();
  }

  @Test
  void aRunLeavesAnExecutorThatIsTakenAwayAtACheckpoint() throws Exception {
    SparkSession spark =
        Executors.of(3, 1)
            .config("spark.decommission.enabled", "true")
            .config("spark.executor.heartbeatInterval", "1s")
            .config(Settings.BACK_OFF.key(), "1ms")
            .config(Settings.MAX_FAILURES.key(), "9") // shuffle files go with the executor
            .getOrCreate();
    CompletableFuture<TrainingResult> run = begin(spark);
    try {
      RankPlace place = ready.take().places().get(1);
      next(Kind.CHECKPOINT);
      ((ExecutorAllocationClient) spark.sparkContext().schedulerBackend())
          .decommissionExecutor(
              place.executor(),
              new ExecutorDecommissionInfo("the spot market wants it back", Option.empty()),
              false,
              false);
      assertEquals(1, next(Kind.DECOMMISSIONING).rank());
      assertEquals(FailureKind.MOVED, next(Kind.FAILURE).failure());
      assertTrue(next(Kind.RETRY).text().startsWith("goes on after step "));
      RanksReady moved = ready.take();
      assertEquals(2, moved.places().size());
      assertFalse(
          moved.places().stream().anyMatch(one -> one.executor().equals(place.executor())),
          moved.places().toString());
      assertFalse(run.isDone());
    } finally {
      end(spark, run);
    }
  }

  @Test
  void anElasticRunIsCutAnewWhereExecutorsAreLostAndGrowsWhenOthersCome() throws Exception {
    try (StandaloneCluster cluster = new StandaloneCluster(directory, 1)) {
      Process second = cluster.addWorker(1);
      SparkSession spark =
          Executors.of(2, 1)
              .master(cluster.master())
              .config("spark.executor.cores", "1")
              .config("spark.cores.max", "2")
              .config("spark.scheduler.barrier.maxConcurrentTasksCheck.interval", "1s")
              .config(Settings.BACK_OFF.key(), "1ms")
              .config(Settings.MAX_FAILURES.key(), "9")
              .getOrCreate();
      CompletableFuture<TrainingResult> run = begin(spark);
      try {
        assertEquals(2, ready.take().places().size());
        next(Kind.CHECKPOINT);
        List<ProcessHandle> executors = second.descendants().toList();
        second.destroyForcibly();
        executors.forEach(ProcessHandle::destroyForcibly);
        assertTrue(next(Kind.RECUT).text().startsWith("1 stage on 1 executor,"));
        assertEquals(1, ready.take().places().size());
        cluster.addWorker(1);
        assertEquals(FailureKind.MOVED, next(Kind.FAILURE).failure());
        assertEquals(2, ready.take().places().size());
        assertFalse(run.isDone());
      } finally {
        end(spark, run);
      }
    }
  }
}
