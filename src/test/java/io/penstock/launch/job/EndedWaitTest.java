package io.penstock.launch.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.conf.Settings;
import io.penstock.event.FailureKind;
import io.penstock.launch.cluster.DeviceDemand;
import io.penstock.launch.cluster.GpuUse;
import io.penstock.nn.network.Sequential;
import io.penstock.nn.update.Updater;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import org.apache.spark.SparkContext;
import org.apache.spark.scheduler.JobResult;
import org.apache.spark.scheduler.JobSucceeded$;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobEnd;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A run that waits for executors can be ended as one that trains. */
@Timeout(300)
@Tag("slow")
class EndedWaitTest {
  @TempDir Path directory;

  @Test
  void aRunThatWaitsForExecutorsEndsInEveryWay() throws Exception {
    try (StandaloneCluster cluster = new StandaloneCluster(directory, 1)) {
      SparkSession spark =
          Executors.of(3, 1)
              .master(cluster.master())
              .config("spark.executor.cores", "1")
              .config("spark.cores.max", "3") // the worker has one
              .config(Settings.PREFLIGHT_WAIT.key(), "1h")
              .getOrCreate();
      try {
        Dataset<Row> rows = SmallRun.rows(spark);
        for (Ending ending : Ending.values()) {
          if (ending != Ending.STOP) {
            end(ending, spark, () -> SmallRun.run(rows, SmallRun.plan(3)));
            end(ending, spark, () -> profile(spark.sparkContext()));
            SmallRun.run(rows, SmallRun.plan(1)); // takes the one slot there is
          }
        }
        end(Ending.STOP, spark, () -> SmallRun.run(rows, SmallRun.plan(3)));
      } finally {
        spark.stop();
      }
    }
  }

  @Test
  void aWaitThatIsOverIsNoFailedJob() throws Exception {
    SparkSession spark = Executors.of(2, 1).getOrCreate();
    try {
      List<JobResult> ends = new CopyOnWriteArrayList<>();
      spark
          .sparkContext()
          .addSparkListener(
              new SparkListener() {
                @Override
                public void onJobEnd(SparkListenerJobEnd end) {
                  ends.add(end.jobResult());
                }
              });
      SmallRun.run(SmallRun.rows(spark), SmallRun.plan(2)); // executors are still to come
      spark.sparkContext().listenerBus().waitUntilEmpty();
      assertFalse(ends.isEmpty());
      assertTrue(ends.stream().allMatch(JobSucceeded$.MODULE$::equals), ends::toString);
    } finally {
      spark.stop();
    }
  }

  private static Object profile(SparkContext context) {
    return ProfileJob.run(
        context,
        Sequential.perceptron(4, 3),
        Updater.sgd(0.1),
        3,
        List.of(4),
        DeviceDemand.of(GpuUse.AUTO));
  }

  private static void end(Ending ending, SparkSession spark, Callable<?> body) throws Exception {
    SparkContext context = spark.sparkContext();
    BlockingQueue<String> jobs = new LinkedBlockingQueue<>();
    SparkListener listener =
        new SparkListener() {
          @Override
          public void onJobStart(SparkListenerJobStart start) {
            jobs.add(start.properties().getProperty("spark.job.description"));
          }
        };
    context.addSparkListener(listener);
    BackgroundRun run = new BackgroundRun(context, body);
    String job = jobs.take();
    assertEquals("Penstock waits for executors for 3 stages", job);
    ending.end(spark, run.thread());
    Throwable thrown = run.failure();
    TrainingFailedException failed = assertInstanceOf(TrainingFailedException.class, thrown);
    assertEquals(FailureKind.CANCELLED, failed.kind(), thrown::toString);
    assertEquals(ending == Ending.INTERRUPT, run.isInterrupted());
    assertTrue(jobs.isEmpty(), jobs::toString);
    context.removeSparkListener(listener);
  }
}
