package io.penstock.schedule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SchedulesTest {
  @Test
  void everyIdMakesAScheduleOfThatName() {
    assertEquals(
        List.of("gpipe", "1f1b", "eager-1f1b", "zb-h1", "zb-h2", "unpipelined"), Schedules.ids());
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

  @ParameterizedTest
  @CsvSource({"2, 4, 15, 13", "4, 8, 33, 27", "4, 16, 57, 51", "8, 32, 117, 103"})
  void withFreeTransferHalvedBackwardsAloneSaveTime(int ranks, int m, int whole, int halved) {
    for (String id : List.of("gpipe", "1f1b", "eager-1f1b")) {
      assertEquals(whole, Spans.of(Schedules.generate(id, ranks, m), 0).makespan(), id);
    }
    for (String id : List.of("zb-h1", "zb-h2")) {
      assertEquals(halved, Spans.of(Schedules.generate(id, ranks, m), 0).makespan(), id);
    }
  }

  @Test
  void whatAScheduleCannotDoNamesThoseThatCan() {
    String stages =
        assertThrows(
                IllegalArgumentException.class,
                () -> Schedules.generate(ScheduleRequest.of("1f1b", 2, 2).withVirtualStages(3)))
            .getMessage();
    assertTrue(stages.contains("1f1b takes 1 stages a rank, not 3"), stages);
    String warmUp =
        assertThrows(
                IllegalArgumentException.class,
                () -> Schedules.generate(ScheduleRequest.of("gpipe", 2, 2).withWarmUp(3)))
            .getMessage();
    assertTrue(warmUp.contains("choose one of eager-1f1b"), warmUp);
  }
}
