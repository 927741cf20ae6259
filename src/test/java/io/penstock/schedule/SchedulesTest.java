package io.penstock.schedule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class SchedulesTest {
  @Test
  void everyIdMakesAScheduleOfThatName() {
    assertEquals(List.of("gpipe", "1f1b", "unpipelined"), Schedules.ids());
    for (String id : Schedules.ids()) {
      assertEquals(id, Schedules.generate(id, 3, 5).name());
    }
  }

  @Test
  void anUnknownIdIsAnsweredWithTheKnownOnes() {
    var e =
        assertThrows(IllegalArgumentException.class, () -> Schedules.generate("zigzag", 2, 2));
    assertTrue(e.getMessage().contains("'zigzag'"), e.getMessage());
    assertTrue(e.getMessage().contains("gpipe, 1f1b"), e.getMessage());
  }

  @Test
  void itTakesARankAndAMicroBatch() {
    assertThrows(IllegalArgumentException.class, () -> Schedules.generate("gpipe", 0, 1));
    assertThrows(IllegalArgumentException.class, () -> Schedules.generate("1f1b", 1, 0));
  }
}
