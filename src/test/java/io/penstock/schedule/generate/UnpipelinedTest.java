package io.penstock.schedule.generate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.schedule.Dependencies;
import io.penstock.schedule.Peaks;
import io.penstock.schedule.Plans;
import io.penstock.schedule.Schedule;
import io.penstock.schedule.Slot;
import io.penstock.schedule.Timetable;
import io.penstock.schedule.Verifier;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UnpipelinedTest {
  @Test
  void aRankHandsOverOnlyAfterAllItsForwardsOrBackwards() {
    Schedule schedule = new Unpipelined().generate(3, 2);
    assertEquals("0F0 0F1 0SEND_F0 0SEND_F1 0RECV_B0 0RECV_B1 0B0 0B1", Plans.row(schedule, 0));
    assertEquals(
        "1RECV_F0 1RECV_F1 1F0 1F1 1SEND_F0 1SEND_F1 1RECV_B0 1RECV_B1 1B0 1B1 1SEND_B0 1SEND_B1",
        Plans.row(schedule, 1));
    assertEquals("2RECV_F0 2RECV_F1 2F0 2F1 2B0 2B1 2SEND_B0 2SEND_B1", Plans.row(schedule, 2));
  }

  @Test
  void aSingleRankMovesNothing() {
    assertEquals("0F0 0F1 0B0 0B1", Plans.row(new Unpipelined().generate(1, 2), 0));
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "2, 1", "3, 3", "4, 8", "8, 3"})
  void everyRankKeepsAllMicroBatches(int ranks, int microBatches) {
    Peaks peaks = Verifier.verify(new Unpipelined().generate(ranks, microBatches));
    assertEquals(Collections.nCopies(ranks, microBatches), peaks.activations());
  }

  @Test
  void noTwoRanksComputeAtTheSameTime() {
    Schedule schedule = new Unpipelined().generate(3, 3);
    List<List<Slot>> steps = Timetable.of(schedule, new Dependencies(schedule)).steps();
    for (List<Slot> step : steps) {
      long computing =
          step.stream()
              .map(place -> schedule.ranks().get(place.rank()).get(place.index()))
              .filter(action -> action.kind().isCompute())
              .count();
      assertTrue(computing <= 1, step::toString);
    }
  }
}
