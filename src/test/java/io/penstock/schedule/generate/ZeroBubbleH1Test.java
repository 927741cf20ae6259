package io.penstock.schedule.generate;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.penstock.schedule.Plans;
import io.penstock.schedule.Schedule;
import io.penstock.schedule.ScheduleRequest;
import io.penstock.schedule.Verifier;
import io.penstock.schedule.draw.Spans;
import java.util.Collections;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ZeroBubbleH1Test {
  @Test
  void weightGradientsLagByTheRank() {
    Schedule schedule = new ZeroBubbleH1().generate(4, 8);
    assertEquals(
        "0F0 0F1 0F2 0F3 0I0 0W0 0F4 0I1 0W1 0F5 0I2 0W2 0F6 0I3 0W3 0F7 0I4 0W4 0I5 0W5 0I6 0W6"
            + " 0I7 0W7",
        Plans.row(schedule, 0));
    assertEquals(
        "3F0 3I0 3F1 3I1 3F2 3I2 3F3 3I3 3W0 3F4 3I4 3W1 3F5 3I5 3W2 3F6 3I6 3W3 3F7 3I7 3W4 3W5"
            + " 3W6 3W7",
        Plans.row(schedule, 3));
  }

  @Test
  void fewerMicroBatchesThanRanksAreLegal() {
    Schedule schedule = new ZeroBubbleH1().generate(4, 2);
    assertEquals("0F0 0F1 0I0 0W0 0I1 0W1", Plans.row(schedule, 0));
    assertEquals("3F0 3I0 3F1 3I1 3W0 3W1", Plans.row(schedule, 3));
    assertEquals("3F0 3I0 3W0", Plans.row(new ZeroBubbleH1().generate(4, 1), 3));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 8})
  void fromAsManyMicroBatchesAsRanksOnTheClosedFormHolds(int ranks) {
    for (int m = ranks; m <= 4 * ranks; m++) {
      assertEquals(
          3 * m + ranks - 1, Spans.of(new ZeroBubbleH1().generate(ranks, m), 0).makespan());
    }
  }

  @Test
  void severalStagesARankTakeTurnsAsInInterleaved() {
    Schedule schedule = withVirtualStages(2, 2, 2);
    assertEquals("0F0 0F1 2F0 2F1 2I0 2W0 2I1 2W1 0I0 0W0 0I1 0W1", Plans.row(schedule, 0));
    assertEquals("1F0 1F1 3F0 3I0 3F1 3I1 3W0 1I0 3W1 1I1 1W0 1W1", Plans.row(schedule, 1));
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 4})
  void withSeveralStagesARankTheBubbleIsAsMuchShorter(int v) {
    for (int p = 1; p <= 5; p++) {
      for (int m = p; m <= 4 * p; m += p) {
        Schedule schedule = withVirtualStages(p, v, m);
        assertEquals(3 * m + (p - 1.0) / v, Spans.of(schedule, 0).makespan(), 1e-9);
        assertEquals(Collections.nCopies(p, v * p), Verifier.verify(schedule).activations());
      }
    }
  }

  @Test
  void withSeveralStagesARankAnyNumberOfMicroBatchesWillDo() {
    for (int p = 1; p <= 6; p++) {
      for (int m = 1; m <= 3 * p + 2; m++) {
        Verifier.verify(withVirtualStages(p, 3, m));
      }
    }
  }

  private static Schedule withVirtualStages(int ranks, int virtualStages, int microBatches) {
    return Schedules.generate(
        ScheduleRequest.of("zb-h1", ranks, microBatches).withVirtualStages(virtualStages));
  }
}
