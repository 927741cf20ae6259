package io.penstock.schedule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ScheduleTest {
  @Test
  void laterChangesToTheListsGivenDoNotReachIt() {
    List<Action> rank = new ArrayList<>(List.of(Action.parse("0F0")));
    List<List<Action>> ranks = new ArrayList<>(List.of(rank));
    Schedule schedule = new Schedule("test", 1, 1, ranks);
    rank.clear();
    ranks.clear();
    assertEquals(List.of(List.of(Action.parse("0F0"))), schedule.ranks());
    assertThrows(
        UnsupportedOperationException.class, () -> schedule.ranks().get(0).remove(0));
  }

  @Test
  void aRankMayHoldSeveralStages() {
    assertEquals(
        List.of(0, 1, 1, 0), List.of(0, 1, 2, 3).stream().map(Plans.ZB_V::rankOf).toList());
  }

  @Test
  void aStageNobodyHoldsIsNamed() {
    var e = assertThrows(IllegalArgumentException.class, () -> Plans.SMALL.rankOf(2));
    assertTrue(e.getMessage().contains("stage 2"), e.getMessage());
  }

  @Test
  void emptySchedulesAreRefused() {
    List<List<Action>> ranks = List.of(List.of());
    assertThrows(IllegalArgumentException.class, () -> new Schedule("test", 0, 1, ranks));
    assertThrows(IllegalArgumentException.class, () -> new Schedule("test", 1, 0, ranks));
    assertThrows(IllegalArgumentException.class, () -> new Schedule("test", 1, 1, List.of()));
  }
}
