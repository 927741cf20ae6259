package io.penstock.schedule.generate;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.penstock.schedule.Plans;
import io.penstock.schedule.Schedule;
import org.junit.jupiter.api.Test;

class GPipeTest {
  @Test
  void allForwardsThenAllBackwardsAscending() {
    Schedule schedule = new GPipe().generate(4, 8);
    assertEquals(4, schedule.stages());
    assertEquals(8, schedule.microBatches());
    for (int rank = 0; rank < 4; rank++) {
      assertEquals(
          "rF0 rF1 rF2 rF3 rF4 rF5 rF6 rF7 rB0 rB1 rB2 rB3 rB4 rB5 rB6 rB7"
              .replace("r", String.valueOf(rank)),
          Plans.row(schedule, rank));
    }
  }
}
