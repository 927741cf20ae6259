package io.penstock.schedule.generate;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.penstock.schedule.Plans;
import io.penstock.schedule.Schedule;
import io.penstock.schedule.ScheduleRequest;
import io.penstock.schedule.Verifier;
import io.penstock.schedule.WeightGradientOrder;
import io.penstock.schedule.draw.Spans;
import java.util.Collections;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LoopedBreadthFirstTest {
  @Test
  void stageByStageForwardsAndTheOtherWayRoundBack() {
    Schedule schedule = new LoopedBreadthFirst().generate(2, 4);
    assertEquals(
        "0F0 0F1 0F2 0F3 2F0 2F1 2F2 2F3 2B3 2B2 2B1 2B0 0B3 0B2 0B1 0B0", Plans.row(schedule, 0));
    assertEquals(
        "1F0 1F1 1F2 1F3 3F0 3F1 3F2 3F3 3B3 3B2 3B1 3B0 1B3 1B2 1B1 1B0", Plans.row(schedule, 1));
  }

  @Test
  void itsGradientsAreSummedInAscendingOrderAllTheSame() {
    Schedule ordered = WeightGradientOrder.order(new LoopedBreadthFirst().generate(2, 3));
    assertEquals(
        "0F0 0F1 0F2 2F0 2F1 2F2 2I2 2I1 2B0 2W1 2W2 0I2 0I1 0B0 0W1 0W2", Plans.row(ordered, 0));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4})
  void fromAsManyMicroBatchesAsRanksOnItIsAsQuickAsInterleaved(int v) {
    for (int p = 1; p <= 5; p++) {
      for (int m = p; m <= 3 * p; m++) {
        Schedule schedule =
            Schedules.generate(ScheduleRequest.of("looped-bfs", p, m).withVirtualStages(v));
        assertEquals(3 * (m + (p - 1.0) / v), Spans.of(schedule, 0).makespan(), 1e-9);
        assertEquals(Collections.nCopies(p, m * v), Verifier.verify(schedule).activations());
      }
    }
  }
}
