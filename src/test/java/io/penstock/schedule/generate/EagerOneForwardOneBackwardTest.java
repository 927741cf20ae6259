package io.penstock.schedule.generate;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.penstock.schedule.Lowering;
import io.penstock.schedule.Plans;
import io.penstock.schedule.Schedule;
import io.penstock.schedule.ScheduleRequest;
import io.penstock.schedule.Verifier;
import io.penstock.schedule.draw.Spans;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EagerOneForwardOneBackwardTest {
  @Test
  void everyRankWarmsUpTwiceAsLongAsIn1F1B() {
    Schedule schedule = new EagerOneForwardOneBackward().generate(4, 8);
    assertEquals(
        "0F0 0F1 0F2 0F3 0F4 0F5 0F6 0B0 0F7 0B1 0B2 0B3 0B4 0B5 0B6 0B7", Plans.row(schedule, 0));
    assertEquals(
        "2F0 2F1 2F2 2B0 2F3 2B1 2F4 2B2 2F5 2B3 2F6 2B4 2F7 2B5 2B6 2B7", Plans.row(schedule, 2));
    assertEquals(
        "3F0 3B0 3F1 3B1 3F2 3B2 3F3 3B3 3F4 3B4 3F5 3B5 3F6 3B6 3F7 3B7", Plans.row(schedule, 3));
  }

  @Test
  void fewerMicroBatchesThanRanksEndTheWarmUpEarly() {
    Schedule schedule = new EagerOneForwardOneBackward().generate(4, 2);
    assertEquals("0F0 0F1 0B0 0B1", Plans.row(schedule, 0));
    assertEquals("3F0 3B0 3F1 3B1", Plans.row(schedule, 3));
  }

  @Test
  void theWarmUpOfRankZeroBoundsTheDepth() {
    assertEquals(new OneForwardOneBackward().generate(5, 9).ranks(), withWarmUp(4, 5, 9).ranks());
    Schedule schedule = withWarmUp(4, 4, 6);
    Verifier.verify(Lowering.lower(schedule));
    assertEquals("0F0 0F1 0F2 0F3 0F4 0B0 0F5 0B1 0B2 0B3 0B4 0B5", Plans.row(schedule, 0));
    assertEquals("2F0 2F1 2F2 2B0 2F3 2B1 2F4 2B2 2F5 2B3 2B4 2B5", Plans.row(schedule, 2));
    assertEquals("0F0 0B0 0F1 0B1", Plans.row(withWarmUp(0, 4, 2), 0));
    assertEquals(withWarmUp(8, 5, 9), withWarmUp(80, 5, 9));
  }

  private static Schedule withWarmUp(int forwards, int ranks, int microBatches) {
    return Schedules.generate(
        ScheduleRequest.of("eager-1f1b", ranks, microBatches).withWarmUp(forwards));
  }

  @ParameterizedTest
  @CsvSource({"0, 57, 57", "0.25, 64, 58.5", "0.5, 71, 60", "1, 85, 63", "2, 113, 75"})
  void latencyCostsItLessThan1F1B(double hop, double plain, double eager) {
    assertEquals(plain, Spans.of(new OneForwardOneBackward().generate(4, 16), hop).makespan());
    assertEquals(eager, Spans.of(new EagerOneForwardOneBackward().generate(4, 16), hop).makespan());
  }
}
