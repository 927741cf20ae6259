package io.penstock.schedule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.schedule.generate.Schedules;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class WeightGradientOrderTest {
  @Test
  void ofAWholeBackwardBeforeItsTurnTheInputHalfStays() {
    Schedule ordered = WeightGradientOrder.order(Plans.of("0F0 0F1 0F2 0B2 0B1 0B0"));
    assertEquals("0F0 0F1 0F2 0I2 0I1 0B0 0W1 0W2", Plans.row(ordered, 0));
  }

  @Test
  void aWeightGradientBeforeItsTurnMoves() {
    Schedule ordered = WeightGradientOrder.order(Plans.of("0F0 0F1 0I1 0W1 0I0 0F2 0W0 0B2"));
    assertEquals("0F0 0F1 0I1 0I0 0F2 0W0 0W1 0B2", Plans.row(ordered, 0));
  }

  @Test
  void everyStageHasItsOwnTurns() {
    Schedule ordered = WeightGradientOrder.order(Plans.of("0F0 0F1 1F0 1F1 1B0 1B1 0B1 0B0"));
    assertEquals("0F0 0F1 1F0 1F1 1B0 1B1 0I1 0B0 0W1", Plans.row(ordered, 0));
  }

  @Test
  void pairsStayOverlapped() {
    Schedule ordered =
        WeightGradientOrder.order(ScheduleText.parse("x", "0F0,0F1,(0F2;0B1)OVERLAP_F_B,0B0,0B2"));
    assertEquals("0F0,0F1,(0F2;0I1)OVERLAP_F_B,0B0,0W1,0B2\n", ScheduleText.format(ordered));
  }

  @Test
  void whatIsAscendingStaysAsItIs() {
    for (Schedule schedule : List.of(Plans.SMALL, Plans.ZB_V, Plans.FORWARD)) {
      assertSame(schedule, WeightGradientOrder.order(schedule));
      Schedule lowered = Lowering.lower(schedule);
      assertSame(lowered, WeightGradientOrder.order(lowered));
    }
  }

  @Test
  void movementIsNotMoved() {
    Schedule lowered = Lowering.lower(Plans.of("0F0 0F1 0B1 0B0", "1F0 1F1 1B1 1B0"));
    var e = assertThrows(IllegalArgumentException.class, () -> WeightGradientOrder.order(lowered));
    assertTrue(e.getMessage().contains("order its compute actions first"), e.getMessage());
  }

  @Test
  void whatCannotRunIsNotOrdered() {
    assertThrows(
        InvalidScheduleException.class,
        () -> WeightGradientOrder.order(Plans.of("0F0 0F1 0F2 0B2 0B1")));
  }

  @ParameterizedTest
  @MethodSource("io.penstock.schedule.Plans#sizes")
  void everyScheduleCanBeOrdered(String id, int ranks, int microBatches) {
    Schedule schedule = Schedules.generate(id, ranks, microBatches);
    assertEquals(
        microBatches > 1 && id.equals("looped-bfs"), !WeightGradientOrder.isAscending(schedule));
    checkOrdered(schedule);
  }

  /** Each micro-batch passes all stages forward and back, in any order of the micro-batches. */
  @Test
  void soCanAnyOrderOfMicroBatches() {
    Random random = new Random(5);
    int ordered = 0;
    for (int run = 0; run < 300; run++) {
      Schedule schedule = randomOrders(random, 1 + random.nextInt(4), 1 + random.nextInt(7));
      ordered += WeightGradientOrder.isAscending(schedule) ? 0 : 1;
      checkOrdered(schedule);
    }
    assertTrue(ordered > 200);
  }

  private static Schedule randomOrders(Random random, int ranks, int microBatches) {
    List<Integer> forwards = order(random, microBatches);
    List<Integer> backwards = order(random, microBatches);
    List<List<Action>> plan = new ArrayList<>();
    for (int rank = 0; rank < ranks; rank++) {
      List<Action> actions = new ArrayList<>();
      List<Action> weights = new ArrayList<>();
      for (int microBatch : forwards) {
        actions.add(new Action(rank, ActionKind.F, microBatch));
      }
      for (int microBatch : backwards) {
        boolean whole = random.nextBoolean();
        actions.add(new Action(rank, whole ? ActionKind.B : ActionKind.I, microBatch));
        if (!whole) {
          weights.add(new Action(rank, ActionKind.W, microBatch));
        }
        if (!weights.isEmpty() && random.nextBoolean()) {
          actions.add(weights.remove(random.nextInt(weights.size())));
        }
      }
      Collections.shuffle(weights, random);
      actions.addAll(weights);
      plan.add(actions);
    }
    return new Schedule("random", ranks, microBatches, plan);
  }

  private static List<Integer> order(Random random, int microBatches) {
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < microBatches; i++) {
      order.add(i);
    }
    Collections.shuffle(order, random);
    return order;
  }

  private static void checkOrdered(Schedule schedule) {
    Schedule ordered = WeightGradientOrder.order(schedule);
    assertTrue(WeightGradientOrder.isAscending(ordered));
    assertEquals(WeightGradientOrder.isAscending(schedule), ordered == schedule);
    Verifier.verify(ordered);
    if (!ordered.isLowered()) {
      Verifier.verify(Lowering.lower(ordered));
    }
    for (int rank = 0; rank < schedule.ranks().size(); rank++) {
      assertEquals(
          withoutWeights(schedule.ranks().get(rank)), withoutWeights(ordered.ranks().get(rank)));
      checkNoneWaitsBeyondItsTurn(ordered.ranks().get(rank), schedule.ranks().get(rank));
    }
  }

  /** Forwards and input gradients, which others wait for, in their order. */
  private static List<Action> withoutWeights(List<Action> actions) {
    return actions.stream()
        .filter(action -> action.kind() != ActionKind.W)
        .map(action -> action.kind() == ActionKind.B ? action.as(ActionKind.I) : action)
        .toList();
  }

  /** A weight gradient that moved stands right after the one whose turn was before it. */
  private static void checkNoneWaitsBeyondItsTurn(List<Action> ordered, List<Action> before) {
    Set<Action> kept = Set.copyOf(before);
    for (int index = 0; index < ordered.size(); index++) {
      Action action = ordered.get(index);
      if (action.kind() == ActionKind.W && !kept.contains(action)) {
        Action previous = ordered.get(index - 1);
        assertEquals(action.stage(), previous.stage());
        assertEquals(action.microBatch() - 1, previous.microBatch());
        assertFalse(previous.kind() == ActionKind.F || previous.kind() == ActionKind.I);
      }
    }
  }
}
