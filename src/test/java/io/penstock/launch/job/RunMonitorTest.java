package io.penstock.launch.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.checkpoint.RunIdentity;
import io.penstock.event.EpochCompleted;
import io.penstock.event.FailureKind;
import io.penstock.event.RankPlace;
import io.penstock.event.RanksReady;
import io.penstock.event.RunEvent;
import io.penstock.event.RunIncident;
import io.penstock.event.StepCompleted;
import io.penstock.event.StepMeasured;
import io.penstock.launch.cluster.RankArithmetic;
import io.penstock.link.LostPeerException.Loss;
import io.penstock.train.ActionTime;
import io.penstock.train.EpochReport;
import io.penstock.train.RankTimes;
import io.penstock.train.SkippedStep;
import io.penstock.train.StepReport;
import io.penstock.train.Validation;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RunMonitorTest {
  private final List<RunEvent> heard = new ArrayList<>();
  private final List<EpochCompleted> told = new ArrayList<>();
  private final RunMonitor monitor =
      new RunMonitor(
          "run",
          3,
          5,
          event -> {
            heard.add(event);
            if (event instanceof EpochCompleted done) {
              told.add(done);
            }
          });

  @Test
  void anEpochIsDoneWhenEveryRankHasSaidSo() {
    monitor.heard(report(0, 0, 0));
    monitor.heard(report(1, 0, 0));
    // A fast rank may be an epoch ahead.
    monitor.heard(report(0, 1, 0));
    assertEquals(List.of(), told);
    monitor.heard(report(2, 0, 12));
    assertEquals(List.of(0), told.stream().map(EpochCompleted::epoch).toList());
    monitor.heard(report(2, 1, 9));
    monitor.heard(report(1, 1, 0));
    assertEquals(List.of(0, 1), told.stream().map(EpochCompleted::epoch).toList());
    assertEquals(told, monitor.completed());
  }

  @Test
  void ofVeryManyEpochsTheNewestAreKept() {
    RunMonitor alone = new RunMonitor("run", 1, Integer.MAX_VALUE, event -> {});
    int done = EpochLedger.MOST_EPOCHS + 3;
    for (int epoch = 0; epoch < done; epoch++) {
      alone.heard(report(0, epoch, 1));
    }
    List<EpochCompleted> kept = alone.completed();
    assertEquals(EpochLedger.MOST_EPOCHS, kept.size());
    assertEquals(3, kept.get(0).epoch());
    assertEquals(done - 1, kept.get(kept.size() - 1).epoch());
  }

  @Test
  void whatListensMayFailAndIsHeardBeforeTheRankThatFailsForIt() {
    RunMonitor failing =
        new RunMonitor(
            "run",
            1,
            5,
            done -> {
              throw new IllegalStateException("no room");
            });
    assertTrue(failing.verdict().isEmpty());
    assertThrows(IllegalStateException.class, () -> failing.heard(report(0, 0, 0)));
    RunFailure verdict = failing.verdict().orElseThrow();
    assertEquals(FailureKind.DRIVER_FAILED, verdict.kind());
    assertEquals("no room", verdict.cause().getMessage());
  }

  @Test
  void theLossIsTheMeanOfARow() {
    for (int rank = 0; rank < 3; rank++) {
      monitor.heard(report(rank, 0, rank == 2 ? 12 : 0));
    }
    assertEquals(12.0 / 6, told.get(0).loss());
    assertEquals("run", told.get(0).runId());
    assertEquals(5, told.get(0).epochs());
  }

  @Test
  void theBubbleIsWhatTheSlowestRanksTimeLeavesIdle() {
    monitor.heard(new EpochReport(0, 0, 6, 0, 0, times(2, 1), null, List.of()));
    monitor.heard(new EpochReport(2, 0, 6, 3, 6, times(3, 3), null, List.of()));
    monitor.heard(new EpochReport(1, 0, 6, 0, 0, times(4, 2), null, List.of()));
    // 3 ranks × 4 s, of which 6 s were worked; 6 rows in 4 s.
    assertEquals(0.5, told.get(0).bubble());
    assertEquals(1.5, told.get(0).rowsPerSecond());
    assertEquals(4, told.get(0).seconds());
    assertEquals(List.of(0.25, 0.5, 0.75), told.get(0).busy());
  }

  @Test
  void theRankOfTheLastStageTellsTheValidation() {
    Validation found = new Validation(3, 0.5, "accuracy", 0.75);
    monitor.heard(new EpochReport(2, 0, 6, 12, 6, times(1, 1), found, List.of()));
    monitor.heard(report(0, 0, 0));
    monitor.heard(report(1, 0, 0));
    assertEquals(found, told.get(0).validation());
    assertTrue(
        told.get(0)
            .line()
            .startsWith("epoch 1 of 5: loss 2.000000, validation loss 0.500000, accuracy 0.7500, "),
        told.get(0).line());
  }

  @Test
  void theFirstCauseWinsOverItsConsequences() {
    RankFailure cause = failure(2, "bad");
    assertTrue(monitor.firstOwnFailure().isEmpty());
    monitor.heard(lost(0, 2, Loss.CONNECTION));
    assertTrue(monitor.firstOwnFailure().isEmpty());
    assertFalse(monitor.hasFailed(2));
    monitor.heard(cause);
    monitor.heard(failure(1, "also bad"));
    assertSame(cause, monitor.firstOwnFailure().orElseThrow());
    assertTrue(monitor.hasFailed(2));
  }

  @Test
  void whoLostItsConnectionKnowsMoreThanWhoWasTold() {
    assertTrue(monitor.firstThatLostAPeer().isEmpty());
    monitor.heard(RankFailure.ended(place(1), 0));
    assertTrue(monitor.firstThatLostAPeer().isEmpty());
    monitor.heard(lost(0, 1, Loss.FAILED));
    RankFailure first = lost(1, 2, Loss.CONNECTION);
    monitor.heard(first);
    monitor.heard(lost(0, 2, Loss.CONNECTION));
    assertSame(first, monitor.firstThatLostAPeer().orElseThrow());
  }

  @Test
  void whoFailsForAPeerIsNoIncident() {
    monitor.heard(lost(0, 2, Loss.CONNECTION));
    monitor.heard(RankFailure.ended(place(1), 0));
    assertEquals(List.of(), heard);
    monitor.heard(failure(2, "bad"));
    RunIncident incident = (RunIncident) heard.get(0);
    assertEquals(RunIncident.Kind.FAILURE, incident.kind());
    assertEquals(FailureKind.EXCEPTION, incident.failure());
    assertEquals(2, incident.rank());
    assertEquals("host", incident.host());
    assertTrue(incident.text().endsWith("bad"), incident.text());
  }

  @Test
  void aCheckpointThatARankCannotWriteIsAnIncidentOfItsOwnKind() {
    Throwable cause =
        CheckpointException.of("Could not write to", "d", new IOException("full"), "");
    monitor.heard(RankFailure.of(place(1), 0, cause));
    RunIncident incident = (RunIncident) heard.get(0);
    assertEquals(FailureKind.CHECKPOINT_FAILED, incident.failure());
    assertEquals("Could not write to d: full.", incident.text());
  }

  @Test
  void anExecutorThatIsAboutToGoIsAnIncident() {
    monitor.leaving(place(1));
    RunIncident incident = (RunIncident) heard.get(0);
    assertEquals(RunIncident.Kind.DECOMMISSIONING, incident.kind());
    assertEquals(1, incident.rank());
    assertTrue(incident.text().startsWith("executor e1 on host is"), incident.text());
  }

  @Test
  void anErrorOfWhatListensIsKeptToo() {
    RunMonitor failing =
        new RunMonitor(
            "run",
            1,
            5,
            done -> {
              throw new NoClassDefFoundError("x");
            });
    assertThrows(NoClassDefFoundError.class, () -> failing.heard(report(0, 0, 0)));
    assertEquals("x", failing.verdict().orElseThrow().cause().getMessage());
  }

  @Test
  void ranksAreReadyWhenAllOfAnAttemptAre() {
    monitor.heard(ready(0, 2));
    monitor.heard(ready(0, 0));
    assertEquals(List.of(), heard);
    monitor.heard(ready(1, 2)); // Spark has tried anew
    monitor.heard(ready(1, 1));
    assertEquals(List.of(), heard);
    monitor.heard(ready(1, 0));
    RanksReady all = (RanksReady) heard.get(0);
    assertEquals(1, all.attempt());
    assertEquals(List.of(0, 1, 2), all.places().stream().map(RankPlace::rank).toList());
    assertEquals(60, all.rows());
    assertEquals(12, all.validationRows());
  }

  @Test
  void ranksThatComputeAlikeAreNoIncident() {
    for (int rank = 2; rank >= 0; rank--) {
      monitor.heard(ready(0, rank));
    }
    assertEquals(1, heard.size());
    assertEquals(3, ((RanksReady) heard.get(0)).arithmetic().size());
  }

  @Test
  void ranksThatComputeUnlikeAreAnIncidentWhenTheyHaveMet() {
    monitor.heard(ready(0, 2, "avx2"));
    monitor.heard(ready(0, 0, "avx512"));
    monitor.heard(ready(0, 1, "avx512"));
    RanksReady all = (RanksReady) heard.get(0);
    assertEquals(
        List.of("computes with avx512", "computes with avx512", "computes with avx2"),
        all.arithmetic());
    assertEquals(all.arithmetic(), monitor.arithmetic());
    RunIncident incident = (RunIncident) heard.get(1);
    assertEquals(RunIncident.Kind.UNLIKE_ARITHMETIC, incident.kind());
    assertTrue(incident.text().contains("rank 2 has avx2"), incident.text());
  }

  /** The monitor of two ranks that are ready to go on from what others have computed. */
  private RunMonitor readyAfter(String kind) {
    EarlierAttempts earlier = new EarlierAttempts(List.of(), 0, List.of(kind));
    RunMonitor later =
        new RunMonitor("run", 1, 2, 3, earlier, (monitor, event) -> heard.add(event));
    later.heard(ready(0, 0));
    later.heard(ready(0, 1));
    return later;
  }

  @Test
  void ranksThatComputeOtherwiseThanThoseTheyGoOnFromAreAnIncident() {
    RunMonitor later = readyAfter("avx2");
    RunIncident incident = (RunIncident) heard.get(1);
    assertEquals(RunIncident.Kind.UNLIKE_ARITHMETIC, incident.kind());
    assertTrue(
        incident.text().contains("those had avx2; these have avx512. --conf"), incident.text());
    assertEquals(List.of("avx2", "avx512"), later.arithmeticKinds());
  }

  @Test
  void ranksThatComputeAsThoseTheyGoOnFromAreNoIncident() {
    RunMonitor later = readyAfter("avx512");
    assertEquals(1, heard.size());
    assertEquals(List.of("avx512"), later.arithmeticKinds());
  }

  @Test
  void aSkippedStepIsAnIncidentAndIsCounted() {
    monitor.heard(new SkippedStep(2, 1, 3, 20, "in micro-batch 2, layer 5, Dense: why"));
    monitor.heard(new SkippedStep(0, 1, 4, 20, "in micro-batch 1, layer 0, Dense: why"));
    RunIncident incident = (RunIncident) heard.get(0);
    assertEquals(RunIncident.Kind.STEP_SKIPPED, incident.kind());
    assertEquals(2, incident.rank());
    assertEquals(1, incident.epoch());
    assertEquals("step 4 of 20 is skipped: in micro-batch 2, layer 5, Dense: why", incident.text());
    assertEquals(2, monitor.skippedSteps());
    monitor.heard(ready(0, 0));
    monitor.heard(ready(1, 0)); // begins anew
    assertEquals(0, monitor.skippedSteps());
  }

  @Test
  void aNewAttemptBeginsWithTheFirstEpoch() {
    for (int rank = 0; rank < 3; rank++) {
      monitor.heard(ready(0, rank));
      monitor.heard(report(rank, 0, 0));
    }
    monitor.heard(report(0, 1, 0));
    for (int rank = 0; rank < 3; rank++) {
      monitor.heard(ready(1, rank));
    }
    assertEquals(List.of(), monitor.completed());
    for (int rank = 0; rank < 3; rank++) {
      monitor.heard(report(rank, 0, 0));
    }
    assertEquals(List.of(0), monitor.completed().stream().map(EpochCompleted::epoch).toList());
  }

  @Test
  void whatFailedInAnAttemptThatSparkHasGivenUpIsForgotten() {
    monitor.heard(failure(1, "its rows were lost"));
    monitor.heard(ready(1, 0));
    monitor.heard(failure(2, "heard too late"));
    monitor.heard(ready(0, 2));
    assertTrue(monitor.firstOwnFailure().isEmpty());
    RankFailure now = RankFailure.of(place(2), 1, new IllegalStateException("now"));
    monitor.heard(now);
    assertSame(now, monitor.firstOwnFailure().orElseThrow());
    assertEquals(List.of(1, 2), heard.stream().map(event -> ((RunIncident) event).rank()).toList());
  }

  @Test
  void aFailureIsToldOnce() {
    RankFailure rank = failure(2, "bad");
    monitor.heard(rank);
    monitor.ended(RunFailure.of(FailureKind.EXCEPTION, place(2), "bad", null));
    assertEquals(1, heard.size());
    monitor.ended(RunFailure.of(FailureKind.CANCELLED, "the user's wish", null));
    assertEquals(1, heard.size());
    monitor.ended(RunFailure.of(FailureKind.EXECUTOR_LOST, place(1), "it is gone", null));
    RunIncident told = (RunIncident) heard.get(1);
    assertEquals(FailureKind.EXECUTOR_LOST, told.failure());
    assertEquals(1, told.rank());
    assertEquals("host", told.host());
    assertEquals("it is gone", told.text());
  }

  @Test
  void theLastStepOfAnEpochFollowsItInTheOrderOfRanks() {
    for (int rank = 2; rank >= 0; rank--) {
      ActionTime did = new ActionTime(rank + "F0", 1, 2, 3);
      monitor.heard(new EpochReport(rank, 0, 6, 0, 0, times(1, 1), null, List.of(did)));
    }
    StepMeasured step = (StepMeasured) heard.get(1);
    assertEquals(
        List.of("0F0", "1F0", "2F0"),
        step.actions().stream().map(rank -> rank.get(0).action()).toList());
    assertTrue(step.whole());
  }

  @Test
  void howFarAnEpochIsGoesOnAsItComes() {
    monitor.heard(new StepReport(1, 4, 10, 400, 0.25, 2));
    StepCompleted step = (StepCompleted) heard.get(0);
    assertEquals(4, step.step());
    assertEquals(5, step.epochs());
    assertEquals(200, step.rowsPerSecond());
    assertFalse(step.logEvent());
  }

  @Test
  void otherMessagesAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> monitor.heard("hello"));
  }

  private static EpochReport report(int rank, int epoch, double loss) {
    return new EpochReport(rank, epoch, 6, loss, loss == 0 ? 0 : 6, times(1, 1), null, List.of());
  }

  private static RankTimes times(double seconds, double busy) {
    return new RankTimes(seconds, busy, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0L);
  }

  private static RankReady ready(int attempt, int rank) {
    return ready(attempt, rank, "avx512");
  }

  private static RankReady ready(int attempt, int rank, String kind) {
    return new RankReady(
        attempt,
        place(rank),
        new RunIdentity.Rows(60, 12, 5),
        new RankArithmetic("computes with " + kind, kind, kind));
  }

  private static RankPlace place(int rank) {
    return new RankPlace(rank, "e" + rank, "host", 1, List.of());
  }

  private static RankFailure failure(int rank, String message) {
    return RankFailure.of(place(rank), 0, new IllegalStateException(message));
  }

  private static RankFailure lost(int rank, int peer, Loss loss) {
    return new RankFailure(
        place(rank),
        0,
        null,
        new RankFailure.LostPeer(loss, peer, "h:1", "broke"),
        "lost",
        new byte[0]);
  }
}
