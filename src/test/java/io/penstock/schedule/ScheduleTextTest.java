package io.penstock.schedule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.schedule.generate.Schedules;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ScheduleTextTest {
  static Stream<Arguments> sizes() {
    return Plans.sizes();
  }

  @Test
  void aRowARankACellAnAction() {
    assertEquals("0F0,0F1,0B0,0B1\n1F0,1B0,1F1,1B1\n", ScheduleText.format(Plans.SMALL));
  }

  @Test
  void emptyCellsMeanNothing() {
    assertEquals(
        Plans.SMALL.ranks(),
        ScheduleText.parse("x", "0F0,0F1, ,0B0,,0B1\r\n,1F0, 1B0,1F1 ,1B1,,\r\n").ranks());
  }

  @Test
  void overlappedPairsAreTwoActionsInOrder() {
    String text = "0F0,(0F1;0B0)OVERLAP_F_B,(0F2;0I1)OVERLAP_F_B,0W1,0B2\n";
    Schedule schedule = ScheduleText.parse("x", text.replace(",(", ", , ( ").replace(";", " ; "));
    assertEquals(Set.of(Action.parse("0F1"), Action.parse("0F2")), schedule.overlapped());
    assertEquals("0F0 0F1 0B0 0F2 0I1 0W1 0B2", Plans.row(schedule, 0));
    assertEquals(text, ScheduleText.format(schedule));
  }

  @Test
  void anEmptyRowIsARankWithoutAPlan() {
    assertEquals(List.of(), ScheduleText.parse("x", "0F0,0B0\n\n").ranks().get(1));
  }

  @ParameterizedTest
  @MethodSource("sizes")
  void generatedSchedulesAreReadBack(String id, int ranks, int microBatches) {
    Schedule schedule = Schedules.generate(id, ranks, microBatches);
    for (Schedule plan : List.of(schedule, Lowering.lower(schedule))) {
      assertEquals(plan, ScheduleText.parse(id, ScheduleText.format(plan)));
    }
  }

  /** Whatever the actions: the text form does not know which schedules can be run. */
  @Test
  void anyActionsAreReadBack() {
    Random random = new Random(11);
    for (int i = 0; i < 1000; i++) {
      List<List<Action>> ranks = new ArrayList<>();
      ranks.add(List.of(new Action(5, ActionKind.F, 9)));
      for (int rank = random.nextInt(5); rank >= 0; rank--) {
        ranks.add(
            random
                .ints(random.nextInt(8), 0, ActionKind.values().length)
                .mapToObj(
                    k -> new Action(random.nextInt(6), ActionKind.values()[k], random.nextInt(10)))
                .toList());
      }
      Schedule schedule = new Schedule("random", 6, 10, ranks);
      assertEquals(schedule, ScheduleText.parse("random", ScheduleText.format(schedule)));
    }
  }

  @Test
  void aWrongCellIsNamedByRowAndColumn() {
    var e =
        assertThrows(
            IllegalArgumentException.class, () -> ScheduleText.parse("x", "0F0,0B0\n1F0,,1G0"));
    assertTrue(e.getMessage().startsWith("row 2, column 3: '1G0'"), e.getMessage());
  }

  @Test
  void whatDoesNotOverlapIsRefused() {
    for (String pair : List.of("0B0;0F1", "0F0;0W0", "0F0;0F1")) {
      String text = "0F0,(%s)OVERLAP_F_B".formatted(pair);
      var e = assertThrows(IllegalArgumentException.class, () -> ScheduleText.parse("x", text));
      assertTrue(
          e.getMessage().startsWith("row 1, column 2: " + pair.split(";")[0]), e.getMessage());
      assertTrue(e.getMessage().contains("(0F7;7B3)OVERLAP_F_B"), e.getMessage());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"0UNSHARD", "0RESHARD", "0REDUCE_GRAD", "0REDUCE_GRAD3"})
  void shardingIsLeftOut(String cell) {
    var e =
        assertThrows(
            IllegalArgumentException.class, () -> ScheduleText.parse("x", "0F0,0B0," + cell));
    assertTrue(e.getMessage().startsWith("row 1, column 3: '" + cell), e.getMessage());
    assertTrue(e.getMessage().contains("leave UNSHARD"), e.getMessage());
  }

  @Test
  void aTextWithoutActionsIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> ScheduleText.parse("x", ""));
    assertThrows(IllegalArgumentException.class, () -> ScheduleText.parse("x", ",,\n,"));
  }
}
