package io.penstock.schedule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.schedule.generate.Schedules;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class OrderSearchTest {
  private static final double ROUNDING = 1e-9;

  /** Stages of random times and sizes over random links, on any schedule. */
  private record Case(Schedule schedule, Costs costs, int miniBatches) {
    static Case of(Random random) {
      List<String> ids = Schedules.trainingIds();
      String id = ids.get(random.nextInt(ids.size()));
      int ranks = 1 + random.nextInt(4);
      int microBatches = id.equals("dualpipe-v") ? 2 * ranks : 1 + random.nextInt(8);
      Schedule schedule =
          id.equals("unpipelined")
              ? Schedules.generate("gpipe", ranks, microBatches)
              : WeightGradientOrder.order(Schedules.generate(id, ranks, microBatches));
      Recomputation recomputation = Recomputation.values()[random.nextInt(3)];
      return new Case(
          recomputation.in(schedule), costs(random, schedule.stages()), 1 + random.nextInt(3));
    }

    private static Costs costs(Random random, int stages) {
      LinkCost link =
          random.nextBoolean()
              ? LinkCost.FREE
              : new LinkCost(
                  0.2 * random.nextDouble(),
                  1 + 10 * random.nextDouble(),
                  0.1 * random.nextDouble());
      List<Double> inputs = random.doubles(stages).boxed().toList();
      return new Costs(
          random.doubles(stages).boxed().toList(),
          random.doubles(stages).boxed().toList(),
          random.doubles(stages).boxed().toList(),
          inputs.stream().map(input -> input + random.nextDouble()).toList(),
          inputs,
          random.doubles(stages).boxed().toList(),
          link,
          Map.of());
    }

    List<Double> peaks() {
      return Simulator.simulate(schedule, costs).peakBytes();
    }

    Schedule searched() {
      return OrderSearch.search(schedule, costs, peaks(), miniBatches);
    }

    double makespan(Schedule of) {
      return Simulator.simulate(of.inARow(miniBatches), costs).makespan();
    }
  }

  @Test
  void aSearchedScheduleIsNeverSlowerAndNeedsNoMoreMemoryAndCanBeRun() {
    Random random = new Random(1);
    int quicker = 0;
    for (int i = 0; i < 60; i++) {
      Case one = Case.of(random);
      Schedule searched = one.searched();
      String what = one.schedule + "\n" + searched;
      assertTrue(one.makespan(searched) <= one.makespan(one.schedule) + ROUNDING, what);
      List<Double> peaks = Simulator.simulate(searched, one.costs).peakBytes();
      for (int rank = 0; rank < peaks.size(); rank++) {
        assertTrue(peaks.get(rank) <= one.peaks().get(rank) + ROUNDING, what);
      }
      assertTrue(WeightGradientOrder.isAscending(searched), what);
      Verifier.verify(Lowering.lower(searched), Verifier.verify(searched));
      quicker += searched == one.schedule ? 0 : 1;
    }
    assertTrue(quicker > 20, quicker + " of 60");
  }

  @Test
  void theSameSearchFindsTheSame() {
    for (int seed = 0; seed < 8; seed++) {
      assertEquals(Case.of(new Random(seed)).searched(), Case.of(new Random(seed)).searched());
    }
  }

  @Test
  void ordersArePlayedInTheTimesOfTheSimulator() {
    Random random = new Random(2);
    for (int i = 0; i < 300; i++) {
      Case one = Case.of(random);
      ActionFigures figures = new ActionFigures(one.schedule, one.costs);
      OrderSimulation played =
          new OrderSimulation(figures, one.schedule.ranks().size(), one.miniBatches);
      double expected = one.makespan(one.schedule);
      assertEquals(expected, played.makespan(figures.order(), Double.POSITIVE_INFINITY), ROUNDING);
      assertEquals(expected, played.makespan(figures.order(), expected), ROUNDING);
      assertEquals(
          Double.POSITIVE_INFINITY, played.makespan(figures.order(), expected - 10 * ROUNDING));
    }
  }

  @Test
  void aCircleOfWaitingRanksTakesForEver() {
    ActionFigures figures = new ActionFigures(Plans.SMALL, Costs.even(2, 1, 1, 1));
    int[][] orders = figures.order();
    orders[0] = new int[] {orders[0][2], orders[0][0], orders[0][1], orders[0][3]};
    assertEquals(
        Double.POSITIVE_INFINITY,
        new OrderSimulation(figures, 2, 1).makespan(orders, Double.POSITIVE_INFINITY));
  }

  @Test
  void memoryThatIsThereIsUsed() {
    Schedule plain = Schedules.generate("1f1b", 4, 16);
    Costs costs = Costs.even(4, 1, 1, 1).withActivationBytes(1);
    double tight = makespan(plain, costs, List.of(4.0, 3.0, 2.0, 1.0));
    double roomy = makespan(plain, costs, Collections.nCopies(4, 8.0));
    assertTrue(tight < 57, tight + "");
    assertTrue(roomy < tight, roomy + " against " + tight);
  }

  private static double makespan(Schedule schedule, Costs costs, List<Double> mostBytes) {
    Schedule searched = OrderSearch.search(schedule, costs, mostBytes, 1);
    return Simulator.simulate(searched, costs).makespan();
  }

  @Test
  void aScheduleThatNeedsMoreMemoryOrHasNoBackwardStaysAsItIs() {
    Costs costs = Costs.even(2, 1, 1, 1).withActivationBytes(1);
    Schedule gpipe = Schedules.generate("gpipe", 2, 4);
    assertSame(gpipe, OrderSearch.search(gpipe, costs, List.of(3.0, 3.0), 1));
    Schedule forward = Schedules.generate("forward", 2, 4);
    assertSame(forward, OrderSearch.search(forward, costs, List.of(9.0, 9.0), 1));
  }

  @Test
  void aSearchedScheduleSaysSoAndKnowsWhatItWasMadeFrom() {
    Schedule plain = Schedules.generate("1f1b", 2, 8);
    Schedule searched =
        OrderSearch.search(
            plain, Costs.even(2, 1, 1, 1).withActivationBytes(1), List.of(2.0, 1.0), 1);
    assertNotEquals(plain, searched);
    assertEquals("1f1b, searched", searched.name());
    assertEquals("1f1b", searched.generatedName());
    assertEquals("1f1b", plain.generatedName());
  }

  @Test
  void whatCannotBeSearchedIsRefusedWithWhatToDo() {
    Costs costs = Costs.even(2, 1, 1, 1);
    var limits =
        assertThrows(
            IllegalArgumentException.class,
            () -> OrderSearch.search(Plans.SMALL, costs, List.of(1.0), 1));
    assertTrue(limits.getMessage().contains("give one a rank"), limits.getMessage());
    Schedule lowered = Lowering.lower(Plans.SMALL);
    var movement =
        assertThrows(
            IllegalArgumentException.class,
            () -> OrderSearch.search(lowered, costs, List.of(1.0, 1.0), 1));
    assertTrue(movement.getMessage().contains("search first"), movement.getMessage());
  }
}
