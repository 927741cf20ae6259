package io.penstock.schedule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.schedule.generate.Schedules;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ScheduleTest {
  @Test
  void laterChangesToTheListsGivenDoNotReachIt() {
    List<Action> rank = new ArrayList<>(List.of(Action.parse("0F0")));
    List<List<Action>> ranks = new ArrayList<>(List.of(rank));
    Schedule schedule = new Schedule("test", 1, 1, ranks);
    rank.clear();
    ranks.clear();
    assertEquals(List.of(List.of(Action.parse("0F0"))), schedule.ranks());
    assertThrows(UnsupportedOperationException.class, () -> schedule.ranks().get(0).remove(0));
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

  @ParameterizedTest
  @MethodSource("io.penstock.schedule.Plans#sizes")
  void theFirstMicroBatchesAloneCanBeRun(String id, int ranks, int microBatches) {
    Schedule schedule = Schedules.generate(id, ranks, microBatches);
    Schedule lowered = Lowering.lower(schedule);
    int step = Math.max(1, ranks * microBatches / 64);
    for (int first = microBatches; first >= 1; first -= step) {
      Schedule fewer = schedule.first(first);
      assertEquals(id, fewer.name());
      assertEquals(first, fewer.microBatches());
      assertEquals(schedule.stages(), fewer.stages());
      Peaks peaks = Verifier.verify(fewer);
      assertEquals(peaks.activations(), Verifier.verify(lowered.first(first)).activations());
    }
  }

  @ParameterizedTest
  @MethodSource("io.penstock.schedule.Plans#sizes")
  void severalMiniBatchesInARowRunAndTakeNoLongerThanOneByOne(
      String id, int ranks, int microBatches) {
    Schedule schedule = Schedules.generate(id, ranks, microBatches);
    Schedule three = schedule.inARow(3);
    Verifier.verify(three);
    assertEquals(3 * schedule.microBatches(), three.microBatches());
    assertEquals(3 * schedule.overlapped().size(), three.overlapped().size());
    assertEquals(schedule.inARow(1), schedule);
    Costs costs = Costs.even(schedule.stages(), 1, 1, 1);
    double one = Simulator.simulate(schedule, costs).makespan();
    assertTrue(Simulator.simulate(three, costs).makespan() <= 3 * one + 1e-9, schedule::name);
  }

  @Test
  void inARowNoRankOfZeroBubbleWaits() {
    // Figures of arXiv 2401.10241, table 2: without a bubble, m (tF + tB) a mini-batch.
    Schedule schedule = Schedules.generate("zb-h2", 4, 8);
    Costs costs = Costs.even(4, 1, 1, 1);
    double one = Simulator.simulate(schedule, costs).makespan();
    double three = Simulator.simulate(schedule.inARow(3), costs).makespan();
    assertEquals(24, (three - one) / 2);
  }

  @Test
  void theFirstMicroBatchesKeepTheirOrder() {
    assertEquals("0F0 0B0", Plans.row(Plans.SMALL.first(1), 0));
    assertEquals("1RECV_F0 1F0 1B0 1SEND_B0", Plans.row(Lowering.lower(Plans.SMALL).first(1), 1));
    assertSame(Plans.SMALL, Plans.SMALL.first(2));
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 0, 3})
  void asManyMicroBatchesAsThereAreCanBeKept(int first) {
    var e = assertThrows(IllegalArgumentException.class, () -> Plans.SMALL.first(first));
    assertTrue(e.getMessage().contains("keep 1 to 2"), e.getMessage());
  }

  @Test
  void anOverlappedPairIsAForwardAndABackward() {
    Schedule plan = Plans.SMALL;
    for (String first : List.of("0F0", "0B0", "1F3", "0B1")) {
      Set<Action> marks = Set.of(Action.parse(first));
      var e =
          assertThrows(
              IllegalArgumentException.class,
              () -> new Schedule("test", 2, 2, plan.ranks(), marks));
      assertTrue(e.getMessage().contains("overlaps [" + first + "]"), e.getMessage());
    }
  }

  @Test
  void pairsStayTogetherOrPart() {
    Schedule schedule =
        ScheduleText.parse("x", "0F0,(0F1;0B0)OVERLAP_F_B,0F2,(0F3;0B1)OVERLAP_F_B,0B2,0B3");
    assertEquals(Set.of(Action.parse("0F1")), schedule.first(3).overlapped());
    assertEquals(Set.of(), schedule.first(1).overlapped());
    Schedule descending = ScheduleText.parse("x", "0F0,0F2,(0F1;0B2)OVERLAP_F_B,0B0,0B1");
    assertEquals(Set.of(), descending.first(2).overlapped());
  }

  @Test
  void withoutAnyBackwardItIsForwardOnly() {
    assertTrue(Plans.FORWARD.isForwardOnly());
    assertTrue(Lowering.lower(Plans.FORWARD).isForwardOnly());
    assertFalse(Plans.SMALL.isForwardOnly());
    assertFalse(Plans.of("0F0 0I0").isForwardOnly());
    assertFalse(Plans.of("0F0 0SEND_B0").isForwardOnly());
  }

  @Test
  void emptySchedulesAreRefused() {
    List<List<Action>> ranks = List.of(List.of());
    assertThrows(IllegalArgumentException.class, () -> new Schedule("test", 0, 1, ranks));
    assertThrows(IllegalArgumentException.class, () -> new Schedule("test", 1, 0, ranks));
    assertThrows(IllegalArgumentException.class, () -> new Schedule("test", 1, 1, List.of()));
  }
}
