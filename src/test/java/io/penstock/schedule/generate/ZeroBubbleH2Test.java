package io.penstock.schedule.generate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.schedule.Plans;
import io.penstock.schedule.Schedule;
import io.penstock.schedule.draw.Spans;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ZeroBubbleH2Test {
  @Test
  void weightGradientsLagByTwiceTheRank() {
    Schedule schedule = new ZeroBubbleH2().generate(4, 8);
    assertEquals(
        "0F0 0F1 0F2 0F3 0F4 0F5 0F6 0I0 0W0 0F7 0I1 0W1 0I2 0W2 0I3 0W3 0I4 0W4 0I5 0W5 0I6 0W6"
            + " 0I7 0W7",
        Plans.row(schedule, 0));
    assertEquals(
        "3F0 3I0 3F1 3I1 3F2 3I2 3F3 3I3 3F4 3I4 3F5 3I5 3F6 3I6 3W0 3F7 3I7 3W1 3W2 3W3 3W4 3W5"
            + " 3W6 3W7",
        Plans.row(schedule, 3));
  }

  @Test
  void fewerMicroBatchesThanRanksAreLegal() {
    Schedule schedule = new ZeroBubbleH2().generate(4, 2);
    assertEquals("0F0 0F1 0I0 0W0 0I1 0W1", Plans.row(schedule, 0));
    assertEquals("3F0 3I0 3F1 3I1 3W0 3W1", Plans.row(schedule, 3));
    assertEquals("3F0 3I0 3W0", Plans.row(new ZeroBubbleH2().generate(4, 1), 3));
  }

  /** The closed form m(tF + tB) + (p - 1)(tF + tI - 2tW) is 3m here: no pause at all. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 8})
  void fromTwiceAsManyMicroBatchesAsRanksLessOneOnNoRankPauses(int ranks) {
    for (int m = 2 * ranks - 1; m <= 5 * ranks; m++) {
      Spans spans = Spans.of(new ZeroBubbleH2().generate(ranks, m), 0);
      for (int rank = 0; rank < ranks; rank++) {
        assertEquals(3 * m, spans.ofRank(rank), "rank " + rank);
      }
      assertEquals(3 * m + ranks - 1, spans.makespan(), "one rank starts after the other");
    }
  }

  @Test
  void withFewerMicroBatchesRanksPause() {
    assertTrue(Spans.of(new ZeroBubbleH2().generate(4, 6), 0).ofRank(0) > 18);
  }
}
