package io.penstock.launch.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.checkpoint.RunIdentity;
import io.penstock.event.FailureKind;
import io.penstock.event.RankPlace;
import io.penstock.launch.cluster.ExecutorWatch;
import io.penstock.launch.job.RankFailure.LostPeer;
import io.penstock.link.LostPeerException.Loss;
import io.penstock.testing.LocalSpark;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import org.apache.spark.SparkException;
import org.apache.spark.scheduler.SparkListenerExecutorRemoved;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What cannot be had of real executors at will; the rest is in {@link ExecutorProcessesTest}. */
@Timeout(120)
@LocalSpark
class FailureDiagnosisTest {
  private static final long LONG = 100;
  private static final SparkException SPARKS = new SparkException("Job aborted for a reason.");
  private static SparkSession spark;

  private final RunMonitor monitor = new RunMonitor("run", 2, 1, event -> {});
  private final Rendezvous rendezvous = new Rendezvous(2);
  private final ExecutorWatch watch =
      new ExecutorWatch(spark.sparkContext(), rendezvous::on, place -> {});

  @BeforeAll
  static void start(SparkSession session) {
    spark = session;
  }

  @AfterEach
  void close() {
    watch.close();
  }

  private static RankPlace place(int rank) {
    return new RankPlace(rank, "e" + rank, "host" + rank, 1, List.of());
  }

  private static RankFailure lost(Loss loss, String how) {
    LostPeer peer = new LostPeer(loss, 1, "host1:77", how);
    return new RankFailure(place(0), 0, null, peer, "lost", new byte[0]);
  }

  private TrainingFailedException verdict(long patience) {
    for (int rank = 0; rank < 2; rank++) {
      rendezvous.arrive(new Rendezvous.Arrival(place(rank), 0, null, RunIdentity.Rows.NONE, ""));
    }
    return verdict(patience, SPARKS);
  }

  private TrainingFailedException verdict(long patience, Exception thrown) {
    return new FailureDiagnosis(monitor, rendezvous, watch, patience).firstCause(thrown);
  }

  @Test
  void whoIsSilentIsNotDeclaredDead() {
    monitor.heard(lost(Loss.CONNECTION, "broke: reset by peer"));
    TrainingFailedException verdict = verdict(0);
    assertEquals(FailureKind.LINK_BROKEN, verdict.kind());
    assertEquals(
        "The connection between rank 0 (executor e0 on host0) and rank 1 (executor e1 on host1,"
            + " host1:77) broke: reset by peer; rank 1 has not been heard of since, though Spark"
            + " still counts on its executor.",
        verdict.getMessage());
  }

  @Test
  void wordOfTheLostExecutorIsAwaited() throws Exception {
    monitor.heard(lost(Loss.CONNECTION, "broke"));
    CompletableFuture<TrainingFailedException> verdict =
        CompletableFuture.supplyAsync(() -> verdict(LONG));
    watch.onExecutorRemoved(
        new SparkListenerExecutorRemoved(1, "e1", "Command exited with code 137"));
    assertEquals(FailureKind.EXECUTOR_LOST, verdict.get().kind());
    assertTrue(
        verdict
            .get()
            .getMessage()
            .startsWith(
                "Lost rank 1: executor e1 on host1 is gone: Command exited with code 137. The log"
                    + " of executor e1 holds"),
        verdict.get().getMessage());
  }

  @Test
  void wordOfTheLostRankIsAwaitedAndItsOwnFailureWins() throws Exception {
    monitor.heard(lost(Loss.CONNECTION, "did not take it"));
    CompletableFuture<TrainingFailedException> verdict =
        CompletableFuture.supplyAsync(() -> verdict(LONG));
    IllegalStateException own = new IllegalStateException("no memory");
    monitor.heard(RankFailure.of(place(1), 0, own));
    watch.heard();
    assertEquals(FailureKind.EXCEPTION, verdict.get().kind());
    assertEquals(OptionalInt.of(1), verdict.get().rank());
    assertEquals("no memory", verdict.get().getCause().getMessage());
  }

  @Test
  void whatAPeerToldBeforeItEndedIsItsFailure() {
    monitor.heard(lost(Loss.FAILED, "Rank 1 at host1:77 failed: loss is NaN."));
    TrainingFailedException verdict = verdict(0);
    assertEquals(FailureKind.EXCEPTION, verdict.kind());
    assertEquals(OptionalInt.of(1), verdict.rank());
    assertEquals("Rank 1 at host1:77 failed: loss is NaN.", verdict.getMessage());
  }

  @Test
  void whereALostRankWasIsTold() {
    monitor.heard(lost(Loss.CONNECTION, "broke"));
    assertEquals(Optional.of("host1"), verdict(0).host());
  }

  @Test
  void whoInterruptsARunEndsItThoughARankHasFailedBefore() {
    monitor.heard(RankFailure.of(place(1), 0, new IllegalStateException("by itself")));
    assertEquals(FailureKind.EXCEPTION, verdict(0).kind());
    assertEquals(FailureKind.CANCELLED, verdict(0, new InterruptedException()).kind());
    monitor.decide(RunFailure.of(FailureKind.MOVED, "moves", null));
    assertEquals(FailureKind.MOVED, verdict(0, SPARKS).kind());
    assertEquals(FailureKind.CANCELLED, verdict(0, new InterruptedException()).kind());
  }

  @Test
  void anInterruptHidesNoFailureThatIsFinal() {
    monitor.decide(RunFailure.of(FailureKind.BAD_NUMBERS, "not finite", null));
    assertEquals(FailureKind.BAD_NUMBERS, verdict(0, new InterruptedException()).kind());
  }

  @Test
  void noVerdictIsTakenOnceTheJobHasFailed() {
    RunFailure moved = RunFailure.of(FailureKind.MOVED, "moves", null);
    monitor.ended(RunFailure.of(FailureKind.CANCELLED, "cancelled", null));
    assertFalse(monitor.decide(moved));
    assertEquals(Optional.empty(), monitor.verdict());
  }

  @Test
  void theDriversOwnVerdictStandsOverWhatItLeadsTo() {
    RunFailure stalled =
        RunFailure.of(FailureKind.STALLED, place(1), "Rank 1 on host1 does not answer.", null);
    monitor.decide(stalled);
    monitor.decide(RunFailure.of(new IllegalStateException("later")));
    monitor.heard(RankFailure.of(place(0), 0, new IllegalStateException("for the lack of rank 1")));
    SparkException cancelled = new SparkException("Job 3 cancelled");
    TrainingFailedException verdict = verdict(0, cancelled);
    assertEquals(FailureKind.STALLED, verdict.kind());
    assertEquals(OptionalInt.of(1), verdict.rank());
    assertEquals(Optional.of("host1"), verdict.host());
    assertEquals("Rank 1 on host1 does not answer.", verdict.getMessage());
    assertSame(cancelled, verdict.getSuppressed()[0]);
  }

  @Test
  void aRanksFailureIsOfTheKindThatItTold() {
    monitor.heard(RankFailure.of(place(1), 0, new IllegalArgumentException("no such label")));
    TrainingFailedException verdict = verdict(0);
    assertEquals(FailureKind.REFUSED_INPUT, verdict.kind());
    assertEquals(Optional.of("host1"), verdict.host());
    assertEquals(
        "no such label",
        assertInstanceOf(IllegalArgumentException.class, verdict.forCaller()).getMessage());
  }

  @Test
  void aRefusalThatTheDriverCannotReadIsOfItsKindStill() {
    monitor.heard(
        new RankFailure(place(1), 0, FailureKind.REFUSED_INPUT, null, "x.Bad: label", new byte[0]));
    TrainingFailedException verdict = verdict(0);
    assertEquals(FailureKind.REFUSED_INPUT, verdict.kind());
    assertSame(verdict, verdict.forCaller());
    assertEquals(
        "Rank 1 on host1 failed: x.Bad: label. See the log of executor e1 for more.",
        verdict.getMessage());
  }

  @Test
  void anExceptionOfTheDriversOwnIsTypedToo() {
    IllegalStateException own = new IllegalStateException("the context is stopped");
    TrainingFailedException verdict = verdict(0, own);
    assertEquals(FailureKind.DRIVER_FAILED, verdict.kind());
    assertEquals("the context is stopped.", verdict.getMessage());
    assertSame(own, verdict.getCause());
  }

  @Test
  void whereNoRankSpokeSparkIsQuoted() {
    TrainingFailedException verdict = verdict(0);
    assertEquals(FailureKind.JOB_FAILED, verdict.kind());
    assertEquals("Spark ended the job: Job aborted for a reason.", verdict.getMessage());
    assertSame(SPARKS, verdict.getCause());
  }
}
