package io.penstock.schedule.generate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.schedule.Lowering;
import io.penstock.schedule.Peaks;
import io.penstock.schedule.Schedule;
import io.penstock.schedule.ScheduleRequest;
import io.penstock.schedule.Verifier;
import io.penstock.schedule.draw.Spans;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class SchedulesTest {
  @Test
  void everyIdMakesAScheduleOfThatName() {
    assertEquals(
        List.of(
            "gpipe",
            "1f1b",
            "eager-1f1b",
            "interleaved",
            "looped-bfs",
            "zb-h1",
            "zb-h2",
            "zb-v",
            "v-half",
            "v-min",
            "dualpipe-v",
            "forward",
            "unpipelined"),
        Schedules.ids());
    for (String id : Schedules.ids()) {
      Schedule schedule = Schedules.generate(id, 3, 6);
      assertEquals(id, schedule.name());
      assertEquals(!schedule.isForwardOnly(), Schedules.trainingIds().contains(id), id);
    }
  }

  @Test
  void anUnknownIdIsAnsweredWithTheKnownOnes() {
    var e = assertThrows(IllegalArgumentException.class, () -> Schedules.generate("zigzag", 2, 2));
    assertTrue(e.getMessage().contains("'zigzag'"), e.getMessage());
    assertTrue(e.getMessage().contains("gpipe, 1f1b"), e.getMessage());
  }

  @Test
  void itTakesARankAndAMicroBatch() {
    assertThrows(IllegalArgumentException.class, () -> Schedules.generate("gpipe", 0, 1));
    assertThrows(IllegalArgumentException.class, () -> Schedules.generate("1f1b", 1, 0));
  }

  @ParameterizedTest
  @CsvSource({
    "2, 4, 15, 13.5, 13, 12.5",
    "4, 8, 33, 28.5, 27, 25.5",
    "4, 16, 57, 52.5, 51, 49.5",
    "8, 32, 117, 106.5, 103, 99.5"
  })
  void withFreeTransferStagesInTurnAndBackwardsInHalvesSaveTime(
      int ranks, int m, double whole, double inTurn, double halved, double both) {
    for (String id : List.of("gpipe", "1f1b", "eager-1f1b")) {
      assertEquals(whole, makespan(id, ranks, m), id);
    }
    for (String id : List.of("interleaved", "looped-bfs")) {
      assertEquals(inTurn, makespan(id, ranks, m), id);
    }
    for (String id : List.of("zb-h1", "zb-h2")) {
      assertEquals(halved, makespan(id, ranks, m), id);
    }
    for (String id : List.of("zb-v", "dualpipe-v")) {
      assertEquals(both, makespan(id, ranks, m), id);
    }
  }

  private static double makespan(String id, int ranks, int microBatches) {
    return Spans.of(Schedules.generate(id, ranks, microBatches), 0).makespan();
  }

  @ParameterizedTest
  @CsvSource({
    "2, 4, '4,4', '2,1', '5,3', '2,2', '4,4'",
    "4, 8, '8,8,8,8', '4,3,2,1', '11,9,7,5', '4,4,4,4', '8,8,8,8'",
    "4, 16, '16,16,16,16', '4,3,2,1', '11,9,7,5', '4,4,4,4', '8,8,8,8'",
    "8, 32, '32,32,32,32,32,32,32,32', '8,7,6,5,4,3,2,1', '23,21,19,17,15,13,11,9',"
        + " '8,8,8,8,8,8,8,8', '16,16,16,16,16,16,16,16'"
  })
  void activationsAreThoseOfTheTable(
      int ranks, int m, String gpipe, String plain, String inTurn, String halved, String both) {
    assertEquals(gpipe, activations("gpipe", ranks, m));
    assertEquals(plain, activations("1f1b", ranks, m));
    assertEquals(inTurn, activations("interleaved", ranks, m));
    assertEquals(halved, activations("zb-h1", ranks, m));
    assertEquals(both, activations("zb-v", ranks, m));
  }

  private static String activations(String id, int ranks, int microBatches) {
    List<Integer> peaks =
        Verifier.verify(Schedules.generate(id, ranks, microBatches)).activations();
    return String.join(",", peaks.stream().map(String::valueOf).toList());
  }

  @ParameterizedTest
  @MethodSource("io.penstock.schedule.Plans#virtualSizes")
  void severalStagesARankCanBeRunBeforeAndAfterLowering(
      String id, int virtualStages, int ranks, int microBatches) {
    Schedule schedule =
        Schedules.generate(
            ScheduleRequest.of(id, ranks, microBatches).withVirtualStages(virtualStages));
    assertEquals(virtualStages * ranks, schedule.stages());
    Schedule lowered = Lowering.lower(schedule);
    Peaks peaks = Verifier.verify(schedule);
    assertEquals(peaks, Verifier.verify(lowered, peaks));
  }

  @Test
  void whatAScheduleCannotDoNamesThoseThatCan() {
    String stages =
        assertThrows(
                IllegalArgumentException.class,
                () -> Schedules.generate(ScheduleRequest.of("1f1b", 2, 2).withVirtualStages(3)))
            .getMessage();
    assertTrue(stages.contains("1f1b takes 1 stage a rank, not 3"), stages);
    String warmUp =
        assertThrows(
                IllegalArgumentException.class,
                () -> Schedules.generate(ScheduleRequest.of("gpipe", 2, 2).withWarmUp(3)))
            .getMessage();
    assertTrue(warmUp.contains("choose one of eager-1f1b"), warmUp);
  }

  @Test
  void aNameMayBeWrittenInEitherCase() {
    for (String id : Schedules.ids()) {
      String loud = id.toUpperCase(Locale.ROOT);
      assertEquals(Schedules.generate(id, 2, 4), Schedules.generate(loud, 2, 4), loud);
    }
  }
}
