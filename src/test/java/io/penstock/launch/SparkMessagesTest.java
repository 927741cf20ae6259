package io.penstock.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.launch.SparkMessages.LostTask;
import io.penstock.testing.LocalSpark;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.apache.spark.SparkContext;
import org.apache.spark.SparkException;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskStart;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.ThreadUtils;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import scala.concurrent.Future$;
import scala.concurrent.duration.Duration;

/**
 * What Spark itself says is read here, so that other words of a later one are noticed. Those on
 * executors that are lost, decommissioned or lack a jar are read in {@code ExecutorProcessesTest},
 * {@code DecommissionTest} and {@code MissingJarTest}.
 */
@Timeout(120)
@LocalSpark
class SparkMessagesTest {
  private static SparkContext context;

  @BeforeAll
  static void start(SparkSession session) {
    context = session.sparkContext();
  }

  @Test
  void sparkSaysThatAJobWasCancelled() throws Exception {
    CompletableFuture<Void> started = new CompletableFuture<>();
    SparkListener listener =
        new SparkListener() {
          @Override
          public void onTaskStart(SparkListenerTaskStart event) {
            started.complete(null);
          }
        };
    context.addSparkListener(listener);
    try {
      CompletableFuture<Object> job =
          CompletableFuture.supplyAsync(
              () -> {
                context.setJobGroup("endless", "to be cancelled", true);
                return SparkSession.active().range(Long.MAX_VALUE).filter("id < 0").count();
              });
      job.whenComplete((none, failed) -> started.complete(null));
      started.get();
      context.cancelJobGroup("endless");
      Throwable thrown = assertThrows(ExecutionException.class, job::get).getCause();
      assertTrue(SparkMessages.isCancellation(thrown), thrown.toString());
    } finally {
      context.removeSparkListener(listener);
    }
  }

  @Test
  void sparkWrapsWhatItAwaited() {
    IllegalStateException inside = new IllegalStateException("inside");
    SparkException thrown =
        assertThrows(
            SparkException.class,
            () -> ThreadUtils.awaitResult(Future$.MODULE$.failed(inside), Duration.Inf()));
    assertNotSame(inside, thrown);
    assertSame(inside, SparkMessages.unwrapped(thrown));
    assertSame(inside, SparkMessages.unwrapped(inside));
  }

  @Test
  void aFailureThatMentionsACancellationIsNone() {
    assertFalse(
        SparkMessages.isCancellation(
            new SparkException("Job aborted due to stage failure: Job 3 cancelled it")));
    assertFalse(SparkMessages.isCancellation(new IllegalStateException("Job 3 cancelled")));
  }

  @Test
  void aLostTaskSaysWhichAndWhy() {
    String words =
        "Could not recover from a failed barrier ResultStage. Most recent failure reason: Stage"
            + " failed because barrier task ResultTask(4, 1) finished unsuccessfully.\n"
            + "ExecutorLostFailure (executor 7 exited caused by one of the running tasks)";
    assertEquals(
        Optional.of(new LostTask(1, "7", "Command exited with code 137")),
        SparkMessages.lostTask(
            new SparkException(words + " Reason: Command exited with code 137")));
    assertEquals(
        Optional.of(new LostTask(1, "7", "")), SparkMessages.lostTask(new SparkException(words)));
    assertEquals(Optional.empty(), SparkMessages.lostTask(new SparkException("Job 3 cancelled")));
    assertEquals("Spark does not say why", SparkMessages.firstLine(""));
  }
}
