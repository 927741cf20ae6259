package io.penstock.schedule.generate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.schedule.Plans;
import io.penstock.schedule.Schedule;
import io.penstock.schedule.Verifier;
import io.penstock.schedule.WeightGradientOrder;
import io.penstock.schedule.draw.Spans;
import java.util.Collections;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VHalfTest {
  @Test
  void anotherMicroBatchPassesOnTheWayToTheLastRank() {
    Schedule schedule = new VHalf().generate(2, 3);
    assertEquals(
        "0F0 3F0 0F1 3I0 3W0 3F1 0F2 0I0 3I1 0W0 3W1 3F2 0I1 3I2 0W1 3W2 0I2 0W2",
        Plans.row(schedule, 0));
    assertEquals(
        "1F0 2F0 1F1 2F1 2I0 1I0 2W0 1F2 1W0 2F2 2I1 1I1 2W1 1W1 2I2 1I2 2W2 1W2",
        Plans.row(schedule, 1));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 16, 33})
  void noRankKeepsMoreThanHalfOf1F1BsActivationsAndTwoOfAStage(int p) {
    int bound = 2 * (p / 2 + 1);
    assertTrue(bound <= p + 2);
    for (int m = 1; m <= 3 * p; m++) {
      Schedule schedule = new VHalf().generate(p, m);
      assertSame(schedule, WeightGradientOrder.order(schedule));
      for (int peak : Verifier.verify(schedule).activations()) {
        assertTrue(peak <= Math.min(bound, 2 * m), p + " ranks, " + m + ": " + peak);
      }
    }
    assertEquals(
        bound,
        (int) Collections.max(Verifier.verify(new VHalf().generate(p, 3 * p)).activations()));
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 4, 5, 6, 7, 8, 16, 33})
  void theBubbleIsHalfOf1F1Bs(int p) {
    for (int m = p; m <= 4 * p; m += p) {
      double bubble = Spans.of(new VHalf().generate(p, m), 0).makespan() - 3 * m;
      assertEquals(1.5 * p - (p % 2 == 0 ? 1.5 : 2), bubble, p + " ranks, " + m);
      assertTrue(bubble <= 0.5 * 3 * (p - 1));
    }
  }
}
