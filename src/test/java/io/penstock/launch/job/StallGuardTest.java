package io.penstock.launch.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.event.FailureKind;
import io.penstock.event.RankPlace;
import io.penstock.launch.job.Pulse.Phase;
import io.penstock.testing.LocalSpark;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import org.apache.spark.SparkException;
import org.apache.spark.TaskContext;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the guard does about a stall; when there is one is {@link StallWatchTest}'s. */
@Timeout(120)
@LocalSpark(settings = "spark.penstock.stallTimeout=2s")
class StallGuardTest {
  private static final Predicate<String> NONE = executor -> false;

  /** A task runs, in this JVM. */
  private static final CompletableFuture<Void> STARTED = new CompletableFuture<>();

  private static SparkSession spark;

  private final AtomicBoolean checkpoint = new AtomicBoolean();

  @BeforeAll
  static void start(SparkSession session) {
    spark = session;
  }

  private StallGuard guard(String run, Predicate<String> gone) {
    return new StallGuard(spark.sparkContext(), run, 2, gone, checkpoint::get);
  }

  private static Pulse pulse(int rank, long number, Phase phase) {
    RankPlace place = new RankPlace(rank, "e" + rank, "host", 1, List.of());
    return new Pulse(place, 0, number, phase, "step 1", null, number, 1, List.of());
  }

  private static TrainingFailedException lost(int rank) {
    RunFailure failure =
        RunFailure.of(FailureKind.LINK_BROKEN, rank, Optional.empty(), "it broke", null);
    return new TrainingFailedException(failure);
  }

  @Test
  void aStallEndsTheJobAndIsItsCause() {
    try (StallGuard guard = guard("stalls", NONE)) {
      STARTED.thenRun(() -> guard.heard(pulse(1, 1, Phase.RUNNING)));
      spark.sparkContext().addJobTag("stalls");
      Exception thrown = assertThrows(SparkException.class, StallGuardTest::endlessJob);
      RunFailure failure = guard.outcome().orElseThrow().failure(thrown);
      assertEquals(FailureKind.STALLED, failure.kind());
      assertEquals(1, failure.rank());
      assertSame(thrown, failure.cause());
    } finally {
      spark.sparkContext().removeJobTag("stalls");
    }
  }

  private static void endlessJob() {
    spark
        .range(0, 1, 1, 1)
        .javaRDD()
        .foreach(
            row -> {
              STARTED.complete(null);
              while (!TaskContext.get().isInterrupted()) {
                Thread.sleep(10);
              }
            });
  }

  /** The next attempt at a run has the same tag. */
  @Test
  void onceItsJobHasEndedNoStallEndsAnotherOfTheSameTag() throws Exception {
    try (StallGuard guard = guard("retried", NONE)) {
      guard.heard(pulse(1, 1, Phase.RUNNING));
      assertEquals(Optional.empty(), guard.outcome());
      spark.sparkContext().addJobTag("retried");
      assertEquals(1, spark.range(0, 1, 1, 1).javaRDD().map(StallGuardTest::outlast).count());
    } finally {
      spark.sparkContext().removeJobTag("retried");
    }
  }

  /** Takes longer than the stall timeout and what the guard waits besides. */
  private static Long outlast(Long row) throws InterruptedException {
    Thread.sleep(8000);
    return row;
  }

  @Test
  void whoseConnectionIsLostIsToBlameIfItIsSilentToo() throws Exception {
    try (StallGuard guard = guard("silent", executor -> executor.equals("e1"))) {
      guard.heard(pulse(1, 1, Phase.RUNNING));
      assertEquals(FailureKind.LINK_BROKEN, guard.blamed(lost(1)).kind());
      while (guard.blamed(lost(1)).kind() == FailureKind.LINK_BROKEN) {
        Thread.sleep(100);
      }
      assertEquals(FailureKind.STALLED, guard.blamed(lost(1)).kind());
      assertEquals(FailureKind.LINK_BROKEN, guard.blamed(lost(0)).kind()); // never heard
      TrainingFailedException other =
          new TrainingFailedException(RunFailure.of(new IllegalStateException("another cause")));
      assertSame(other, guard.blamed(other));
      guard.heard(pulse(1, 2, Phase.FAILED));
      assertEquals(FailureKind.LINK_BROKEN, guard.blamed(lost(1)).kind());
    }
  }

  @Test
  void ranksAreToldToTakeACheckpointForAsLongAsOneIsWanted() {
    try (StallGuard guard = guard("checkpoint", NONE)) {
      PulseReply nothing = new PulseReply(false, false);
      assertEquals(nothing, guard.heard(pulse(0, 1, Phase.RUNNING)));
      checkpoint.set(true);
      assertTrue(guard.heard(pulse(0, 2, Phase.RUNNING)).checkpointNow());
      assertTrue(guard.heard(pulse(0, 3, Phase.RUNNING)).checkpointNow());
      checkpoint.set(false);
      assertEquals(nothing, guard.heard(pulse(0, 4, Phase.RUNNING)));
    }
  }
}
