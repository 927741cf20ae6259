package io.penstock.ui.tab;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.event.FailureKind;
import io.penstock.event.RunEnded;
import io.penstock.event.RunEnded.Outcome;
import io.penstock.event.RunIncident;
import io.penstock.event.RunIncident.Kind;
import io.penstock.ui.RunState;
import io.penstock.ui.Samples;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class EventTableTest {
  private final RunState run = RunState.of(Samples.started("r")).after(Samples.ready("r", 0));

  private static RunEnded failed(FailureKind failure, Integer rank, String host) {
    return new RunEnded(
        "r", 7, Outcome.FAILED, failure, rank, host, "text", 2, null, 9, null, null, null);
  }

  private static String page(RunState run) {
    return new EventTable(run).element().toString();
  }

  /** By its fields: the text says something else. */
  @ParameterizedTest
  @EnumSource
  void aFailureIsShownAsWhatItIs(FailureKind kind) {
    String page =
        page(run.after(RunIncident.failure("r", 6000, kind, 1, "node7", "the executor is lost")));
    assertTrue(page.contains(">" + escaped(kind) + "<"), page);
    assertTrue(page.contains("rank 1 on node7: the executor is lost"), page);
  }

  @ParameterizedTest
  @EnumSource
  void theEndOfARunSaysWhatFailedAndWhere(FailureKind kind) {
    String page = page(run.after(failed(kind, 1, "node7")));
    assertTrue(page.contains("2 epochs done, " + escaped(kind) + ", rank 1 on node7"), page);
  }

  @Test
  void whatIsNotKnownIsLeftOut() {
    String page =
        page(
            run.after(RunIncident.failure("r", 6000, FailureKind.JOB_FAILED, -1, null, "x"))
                .after(failed(null, null, null)));
    assertFalse(page.contains("null"), page);
    assertFalse(page.contains("rank -1"), page);
    assertTrue(page.contains(">2 epochs done<"), page);
  }

  private static String escaped(FailureKind kind) {
    return Element.of("i").text(kind.words()).toString().replaceAll("</?i>", "");
  }

  @Test
  void aSkippedStepIsToldWithItsEpochAndRank() {
    RunIncident skipped =
        new RunIncident("run", 5000, Kind.STEP_SKIPPED, 2, 1, 0, "step 4 of 20 is skipped: why");
    RunState run = RunState.of(Samples.started("run")).after(skipped);
    String page = new EventTable(run).element().toString();
    assertTrue(page.contains(">step skipped<"), page);
    assertTrue(page.contains("rank 2: epoch 2, step 4 of 20 is skipped: why"), page);
  }
}
