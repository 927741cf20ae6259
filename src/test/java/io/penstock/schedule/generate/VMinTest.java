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

class VMinTest {
  @Test
  void aMicroBatchGoesThroughAllStagesAndBackWithoutAPause() {
    Schedule schedule = new VMin().generate(2, 3);
    assertEquals(
        "0F0 3F0 3I0 0F1 3W0 0I0 0W0 3F1 3I1 0F2 3W1 0I1 0W1 3F2 3I2 3W2 0I2 0W2",
        Plans.row(schedule, 0));
    assertEquals(
        "1F0 2F0 2I0 1I0 1F1 2F1 2W0 1W0 2I1 1I1 1F2 2F2 2W1 1W1 2I2 1I2 2W2 1W2",
        Plans.row(schedule, 1));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 16, 33})
  void noRankKeepsMoreThanAThirdOf1F1BsActivationsAndTwoAndTwoThirdsOfAStage(int p) {
    int bound = 2 * ((p + 1) / 3 + 1);
    assertTrue(bound <= 2 * p / 3.0 + 8 / 3.0);
    for (int m = 1; m <= 3 * p; m++) {
      Schedule schedule = new VMin().generate(p, m);
      assertSame(schedule, WeightGradientOrder.order(schedule));
      for (int peak : Verifier.verify(schedule).activations()) {
        assertTrue(peak <= Math.min(bound, 2 * m), p + " ranks, " + m + ": " + peak);
      }
    }
    assertEquals(
        bound, (int) Collections.max(Verifier.verify(new VMin().generate(p, 3 * p)).activations()));
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 4, 5, 6, 7, 8, 16, 33})
  void theBubbleIsAboutTwoThirdsOf1F1Bs(int p) {
    for (int m = p; m <= 4 * p; m += p) {
      double bubble = Spans.of(new VMin().generate(p, m), 0).makespan() - 3 * m;
      assertEquals(2 * p - (p % 3 == 0 ? 1.5 : 2.5), bubble, p + " ranks, " + m);
      assertTrue(bubble <= 2 / 3.0 * 3 * (p - 1) + 0.5);
    }
  }
}
