package io.penstock.schedule.generate;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.penstock.schedule.Peaks;
import io.penstock.schedule.Plans;
import io.penstock.schedule.Schedule;
import io.penstock.schedule.ScheduleRequest;
import io.penstock.schedule.Verifier;
import io.penstock.schedule.draw.Spans;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class InterleavedTest {
  private static Schedule generate(int ranks, int virtualStages, int microBatches) {
    return Schedules.generate(
        ScheduleRequest.of("interleaved", ranks, microBatches).withVirtualStages(virtualStages));
  }

  @Test
  void roundsOfAsManyMicroBatchesAsRanksPassAllStages() {
    Schedule schedule = new Interleaved().generate(4, 8);
    assertEquals(8, schedule.stages());
    assertEquals(
        "0F0 0F1 0F2 0F3 4F0 4F1 4F2 4F3 0F4 0F5 0F6 4B0 0F7 4B1 4F4 4B2 4F5 4B3 4F6 0B0 4F7 0B1"
            + " 0B2 0B3 4B4 4B5 4B6 4B7 0B4 0B5 0B6 0B7",
        Plans.row(schedule, 0));
    assertEquals(
        "3F0 3F1 3F2 3F3 7F0 7B0 7F1 7B1 7F2 7B2 7F3 7B3 3F4 3B0 3F5 3B1 3F6 3B2 3F7 3B3 7F4 7B4"
            + " 7F5 7B5 7F6 7B6 7F7 7B7 3B4 3B5 3B6 3B7",
        Plans.row(schedule, 3));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4})
  void whereTheRanksDivideTheMicroBatchesTheClosedFormsHold(int v) {
    for (int p = 1; p <= 5; p++) {
      for (int m = p; m <= 4 * p; m += p) {
        Schedule schedule = generate(p, v, m);
        assertEquals(3 * (m + (p - 1.0) / v), Spans.of(schedule, 0).makespan(), 1e-9);
        Peaks peaks = Verifier.verify(schedule);
        for (int r = 0; r < p; r++) {
          assertEquals(
              Math.min(m * v, (v - 1) * p + 2 * (p - 1 - r) + 1), peaks.activations().get(r));
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4})
  void anyNumberOfMicroBatchesWillDo(int v) {
    for (int p = 1; p <= 6; p++) {
      for (int m = 1; m <= 3 * p + 2; m++) {
        Verifier.verify(generate(p, v, m));
      }
    }
  }

  @Test
  void unevenRoundsStartWithTheLongerOnes() {
    assertEquals(
        "0F0 0F1 0F2 2F0 2F1 2F2 2B0 0F3 2B1 0F4 2B2 2F3 0B0 2F4 0B1 0B2 2B3 2B4 0B3 0B4",
        Plans.row(generate(2, 2, 5), 0));
  }

  @Test
  void oneStageARankIsEager1F1B() {
    assertEquals(
        new EagerOneForwardOneBackward().generate(5, 9).ranks(), generate(5, 1, 9).ranks());
  }

  @ParameterizedTest
  @CsvSource({"0, 52.5", "0.25, 56", "0.5, 59.5", "1, 75.5", "2, 113.5"})
  void latencyEatsWhatTheFasterFillGains(double hop, double makespan) {
    assertEquals(makespan, Spans.of(new Interleaved().generate(4, 16), hop).makespan());
  }
}
