package io.penstock.schedule.generate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.schedule.Plans;
import io.penstock.schedule.Schedule;
import io.penstock.schedule.ScheduleRequest;
import io.penstock.schedule.Verifier;
import io.penstock.schedule.draw.Spans;
import java.util.Collections;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ForwardOnlyTest {
  private static Schedule generate(int ranks, int virtualStages, int microBatches) {
    return Schedules.generate(
        ScheduleRequest.of("forward", ranks, microBatches).withVirtualStages(virtualStages));
  }

  @Test
  void forwardsInOrderAndNothingElse() {
    assertEquals("1F0 1F1 1F2", Plans.row(new ForwardOnly().generate(3, 3), 1));
    assertEquals("0F0 0F1 2F0 2F1 0F2 0F3 2F2 2F3", Plans.row(generate(2, 2, 4), 0));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void fromAsManyMicroBatchesAsRanksOnNoRankPauses(int v) {
    for (int p = 1; p <= 5; p++) {
      for (int m = 1; m <= 3 * p; m++) {
        Schedule schedule = generate(p, v, m);
        assertTrue(schedule.isForwardOnly());
        assertEquals(Collections.nCopies(p, 1), Verifier.verify(schedule).activations());
        if (m >= p) {
          assertEquals(m + (p - 1.0) / v, Spans.of(schedule, 0).makespan(), 1e-9);
        }
      }
    }
  }
}
