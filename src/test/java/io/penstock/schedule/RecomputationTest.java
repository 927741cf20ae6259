package io.penstock.schedule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.schedule.generate.Schedules;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class RecomputationTest {
  static Stream<Schedule> schedules() {
    return Schedules.ids().stream().map(id -> Schedules.generate(id, 3, 6));
  }

  @Test
  void aForwardIsDoneAgainRightBeforeItsBackward() {
    Schedule always = Recomputation.ALWAYS.in(Plans.of("0F0 0F1 0B0 0I1 0W1", "1F0 1B0 1F1 1B1"));
    assertEquals("0F0 0F1 0R0 0B0 0R1 0I1 0W1", text(always.ranks().get(0)));
    assertEquals("1F0 1R0 1B0 1F1 1R1 1B1", text(always.ranks().get(1)));
  }

  @Test
  void theLastMicroBatchMayBeKept() {
    Schedule most = Recomputation.EXCEPT_LAST.in(Plans.of("0F0 0F1 0B0 0B1"));
    assertEquals("0F0 0F1 0R0 0B0 0B1", text(most.ranks().get(0)));
  }

  @Test
  void anOverlappedPairStaysOne() {
    Schedule dual = Schedules.generate("dualpipe-v", 2, 6);
    Schedule always = Recomputation.ALWAYS.in(dual);
    assertEquals(dual.overlapped(), always.overlapped());
    Verifier.verify(always);
  }

  @ParameterizedTest
  @MethodSource("schedules")
  void everyScheduleStaysOneThatCanBeRun(Schedule schedule) {
    for (Recomputation each : Recomputation.values()) {
      Schedule more = each.in(WeightGradientOrder.order(schedule));
      Verifier.verify(Lowering.lower(more));
      Simulation before = Simulator.simulate(schedule, Costs.even(schedule.stages(), 1, 1, 1));
      Simulation after = Simulator.simulate(more, Costs.even(schedule.stages(), 1, 1, 1));
      assertTrue(after.makespan() >= before.makespan() || schedule.name().equals("looped-bfs"));
    }
  }

  @Test
  void gpipeKeepsOneMicroBatchsActivationsAndTheInputsOfAll() {
    Costs costs =
        Costs.even(3, 1, 1, 1).withActivationBytes(10).withInputBytes(List.of(1.0, 1.0, 1.0));
    Schedule gpipe = Schedules.generate("gpipe", 3, 6);
    assertEquals(List.of(60.0, 60.0, 60.0), Simulator.simulate(gpipe, costs).peakBytes());
    assertEquals(
        List.of(15.0, 15.0, 15.0),
        Simulator.simulate(Recomputation.ALWAYS.in(gpipe), costs).peakBytes());
    // The last micro-batch is whole from its forward on.
    assertEquals(
        List.of(24.0, 24.0, 24.0),
        Simulator.simulate(Recomputation.EXCEPT_LAST.in(gpipe), costs).peakBytes());
  }

  @Test
  void aStepTakesAForwardMoreForEachMicroBatch() {
    Schedule one = Schedules.generate("1f1b", 1, 4);
    Costs costs = Costs.even(1, 1, 1, 1);
    assertEquals(12, Simulator.simulate(one, costs).makespan());
    assertEquals(16, Simulator.simulate(Recomputation.ALWAYS.in(one), costs).makespan());
    assertEquals(15, Simulator.simulate(Recomputation.EXCEPT_LAST.in(one), costs).makespan());
  }

  /** On rank 0 of GPipe the last backward waits; the forward is done again meanwhile. */
  @Test
  void aForwardIsDoneAgainWhileTheGradientIsAwaited() {
    Schedule plan = Recomputation.ALWAYS.in(Plans.of("0F0 0B0", "1F0 1B0"));
    assertEquals(3 + 1 + 2, Simulator.simulate(plan, Costs.even(2, 1, 1, 1)).makespan() - 1);
  }

  @Test
  void whatSaysItsSecondForwardsItselfIsLeftAlone() {
    Schedule written = Plans.of("0F0 0F1 0R1 0B0 0B1");
    assertSame(written, Recomputation.ALWAYS.in(written));
    Schedule forward = Schedules.generate("forward", 2, 2);
    assertSame(forward, Recomputation.ALWAYS.in(forward));
  }

  @Test
  void aSecondForwardIsForABackwardAndBetweenTheTwo() {
    assertRefused("0R0 comes before 0F0", "0R0 0F0 0B0");
    assertRefused("0B0 comes before 0R0", "0F0 0B0 0R0");
  }

  private static void assertRefused(String problem, String actions) {
    String message =
        assertThrows(InvalidScheduleException.class, () -> Verifier.verify(Plans.of(actions)))
            .getMessage();
    assertTrue(message.contains(problem), message);
  }

  @ParameterizedTest
  @EnumSource(Recomputation.class)
  void namesAreFoundAsSettingsWriteThem(Recomputation each) {
    assertSame(each, Recomputation.named(each.id()));
    assertSame(each, Recomputation.named(each.name()));
    assertThrows(IllegalArgumentException.class, () -> Recomputation.named("sometimes"));
  }

  private static String text(List<Action> actions) {
    return String.join(" ", actions.stream().map(Action::toString).toList());
  }
}
