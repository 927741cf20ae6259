package io.penstock.balance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.schedule.LinkCost;
import io.penstock.schedule.Lowering;
import io.penstock.schedule.Offloading;
import io.penstock.schedule.Recomputation;
import io.penstock.schedule.Schedule;
import io.penstock.schedule.ScheduleText;
import io.penstock.schedule.Simulation;
import io.penstock.schedule.Simulator;
import io.penstock.schedule.Verifier;
import io.penstock.schedule.WeightGradientOrder;
import io.penstock.schedule.generate.Schedules;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(120)
class RecomputePolicyTest {
  private static final int LAYERS = 16;

  /** Each keeps its output and its gradient, as large as its input. */
  private static final LayerCosts EQUAL =
      new LayerCosts(Collections.nCopies(LAYERS, new LayerCost(1, 1, 1, 10, 2000, 1000)), 1000);

  private static LayerCosts random(Random random) {
    return new LayerCosts(
        IntStream.range(0, LAYERS)
            .mapToObj(
                layer ->
                    new LayerCost(
                        random.nextDouble(),
                        random.nextDouble(),
                        random.nextDouble(),
                        random.nextInt(500),
                        2000 + random.nextInt(8000),
                        random.nextInt(3000)))
            .toList(),
        random.nextInt(3000));
  }

  static Stream<Schedule> schedules() {
    return Schedules.trainingIds().stream()
        .map(id -> WeightGradientOrder.order(Schedules.generate(id, 2, 8)));
  }

  private static CutSchedule cut(
      RecomputePolicy policy, Schedule schedule, LayerCosts costs, long limit) {
    return policy.cut(schedule, costs, Optional.empty(), limit, false);
  }

  private static long bytes(CutSchedule plan, LayerCosts costs) {
    return HeldBytes.of(plan.schedule(), plan.cut(), costs);
  }

  private static Simulation play(CutSchedule plan, LayerCosts costs) {
    return Simulator.simulate(plan.schedule(), StageCosts.of(plan.cut(), costs, LinkCost.FREE));
  }

  @ParameterizedTest
  @MethodSource("schedules")
  void autoFitsInMemoryAndTakesNoLongerThanAnyRuleThatFits(Schedule schedule) {
    Random random = new Random(1);
    for (int i = 0; i < 4; i++) {
      LayerCosts costs = random(random);
      long whole = bytes(cut(RecomputePolicy.NEVER, schedule, costs, Long.MAX_VALUE), costs);
      double before = Double.POSITIVE_INFINITY;
      for (double share : new double[] {0.4, 0.6, 0.8, 1}) {
        long limit = (long) (share * whole);
        CutSchedule auto;
        try {
          auto = cut(RecomputePolicy.AUTO, schedule, costs, limit);
        } catch (IllegalArgumentException tooLittle) {
          assertTrue(share < 0.8, tooLittle::getMessage);
          continue;
        }
        Verifier.verify(Lowering.lower(auto.schedule()));
        assertTrue(bytes(auto, costs) <= limit);
        double time = play(auto, costs).makespan();
        for (RecomputePolicy rule :
            List.of(RecomputePolicy.NEVER, RecomputePolicy.ALWAYS, RecomputePolicy.SQRT)) {
          fitting(rule, schedule, costs, limit)
              .ifPresent(
                  other ->
                      assertTrue(
                          time <= 1.1 * play(other, costs).makespan(),
                          () ->
                              rule + " takes " + play(other, costs).makespan() + ", not " + time));
        }
        assertTrue(time <= 1.05 * before, time + " with more memory than " + before);
        before = time;
      }
    }
  }

  private static Optional<CutSchedule> fitting(
      RecomputePolicy rule, Schedule schedule, LayerCosts costs, long limit) {
    try {
      return Optional.of(cut(rule, schedule, costs, limit)).filter(it -> bytes(it, costs) <= limit);
    } catch (IllegalArgumentException tooLittle) {
      return Optional.empty();
    }
  }

  @ParameterizedTest
  @MethodSource("schedules")
  void autoIsNeverWhereAllFits(Schedule schedule) {
    CutSchedule never = cut(RecomputePolicy.NEVER, schedule, EQUAL, Long.MAX_VALUE);
    assertEquals(never, cut(RecomputePolicy.AUTO, schedule, EQUAL, Long.MAX_VALUE));
    assertEquals(never, cut(RecomputePolicy.AUTO, schedule, EQUAL, bytes(never, EQUAL)));
  }

  /** A part of the layers of the executors that keep most, and none of the others. */
  @Test
  void autoDoesNoMoreAgainThanHasTo() {
    Schedule schedule = Schedules.generate("1f1b", 4, 16);
    long whole = bytes(cut(RecomputePolicy.NEVER, schedule, EQUAL, Long.MAX_VALUE), EQUAL);
    CutSchedule auto = cut(RecomputePolicy.AUTO, schedule, EQUAL, whole * 9 / 10);
    assertEquals(
        List.of(0), auto.recomputedLayers().stream().map(layer -> layer / 4).distinct().toList());
    assertTrue(auto.recomputedLayers().size() < 4, auto::toString);
    CutSchedule tight = cut(RecomputePolicy.AUTO, schedule, EQUAL, whole / 2);
    assertTrue(tight.recomputedLayers().size() > auto.recomputedLayers().size());
    assertTrue(tight.recomputedLayers().stream().noneMatch(layer -> layer >= 12));
  }

  /**
   * With inputs on disk it gets by with less, or does less again; and is the same where all fits.
   */
  @ParameterizedTest
  @MethodSource("schedules")
  void whatIsOnDiskLeavesRoom(Schedule schedule) {
    CutSchedule never = cut(RecomputePolicy.NEVER, schedule, EQUAL, Long.MAX_VALUE);
    long whole = bytes(never, EQUAL);
    for (RecomputePolicy rule :
        List.of(RecomputePolicy.ALWAYS, RecomputePolicy.EXCEPT_LAST, RecomputePolicy.SQRT)) {
      CutSchedule kept = cut(rule, schedule, EQUAL, Long.MAX_VALUE);
      CutSchedule away = rule.cut(schedule, EQUAL, Optional.empty(), Long.MAX_VALUE, true);
      assertEquals(kept.cut(), away.cut());
      assertEquals(Offloading.in(kept.schedule()), away.schedule());
    }
    for (double share : new double[] {0.5, 0.7, 1}) {
      long limit = (long) (share * whole);
      fitting(RecomputePolicy.AUTO, schedule, EQUAL, limit)
          .ifPresent(
              kept -> {
                CutSchedule away =
                    RecomputePolicy.AUTO.cut(schedule, EQUAL, Optional.empty(), limit, true);
                assertTrue(bytes(away, EQUAL) <= limit);
                double time = play(kept, EQUAL).makespan();
                assertTrue(play(away, EQUAL).makespan() <= 1.05 * time);
                assertTrue(share < 1 || away.equals(never));
              });
    }
  }

  @Test
  void squareRootsAreSegmentsOfAsManyLayersAsThereAreSegments() {
    Schedule one = Schedules.generate("gpipe", 1, 4);
    CutSchedule roots = cut(RecomputePolicy.SQRT, one, EQUAL, Long.MAX_VALUE);
    assertEquals(List.of(0, 4, 8, 12), roots.cut().starts());
    assertEquals(IntStream.range(0, LAYERS).boxed().toList(), roots.recomputedLayers());
    CutSchedule two =
        cut(RecomputePolicy.SQRT, Schedules.generate("1f1b", 2, 4), EQUAL, Long.MAX_VALUE);
    assertEquals(6, two.cut().stages());
    assertEquals(8, two.cut().first(3));
  }

  /** Segments that keep as little as can be, not such of as many layers. */
  @Test
  void squareRootsAreEvenInWhatIsKept() {
    List<LayerCost> layers =
        new ArrayList<>(Collections.nCopies(9, new LayerCost(1, 1, 1, 0, 1, 1)));
    layers.set(0, new LayerCost(1, 1, 1, 0, 8, 1));
    CutSchedule roots =
        cut(
            RecomputePolicy.SQRT,
            Schedules.generate("gpipe", 1, 4),
            new LayerCosts(layers, 1),
            999);
    assertEquals(List.of(0, 1, 5), roots.cut().starts());
  }

  /** Stages cut by hand stay where they are; segments come between. */
  @ParameterizedTest
  @EnumSource(RecomputePolicy.class)
  void aCutOfOnesOwnIsKept(RecomputePolicy policy) {
    Schedule schedule = Schedules.generate("1f1b", 2, 4);
    Cut own = new Cut(List.of(0, 5), LAYERS);
    CutSchedule plan = policy.cut(schedule, EQUAL, Optional.of(own), 70_000, false);
    assertTrue(plan.cut().starts().contains(5), plan.cut()::toString);
    int first = plan.cut().stageOf(5);
    assertEquals(0, plan.schedule().rankOf(first - 1));
    assertEquals(1, plan.schedule().rankOf(first));
  }

  @Test
  void whatSaysItsSecondForwardsItselfIsLeftAlone() {
    Schedule written = ScheduleText.parse("mine", "0F0,0F1,0R0,0B0,0B1\n1F0,1B0,1F1,1B1\n");
    for (RecomputePolicy policy : RecomputePolicy.values()) {
      assertEquals(written, cut(policy, written, EQUAL, Long.MAX_VALUE).schedule());
    }
  }

  @Test
  void whatFitsNowhereSaysWhatWouldDo() {
    Schedule schedule = Schedules.generate("1f1b", 2, 4);
    for (RecomputePolicy policy : List.of(RecomputePolicy.SQRT, RecomputePolicy.AUTO)) {
      String message =
          assertThrows(IllegalArgumentException.class, () -> cut(policy, schedule, EQUAL, 5_000))
              .getMessage();
      assertTrue(message.contains("within 4.8 KiB with recompute " + policy.id()), message);
      long enough =
          (long)
              (1024 * Double.parseDouble(message.replaceAll(".*, ([0-9.]+) KiB would do.*", "$1")));
      assertTrue(bytes(cut(RecomputePolicy.AUTO, schedule, EQUAL, enough), EQUAL) <= enough);
    }
  }

  @ParameterizedTest
  @EnumSource(Recomputation.class)
  void rulesByStageAreThoseOfTheSchedule(Recomputation each) {
    RecomputePolicy policy = RecomputePolicy.named(each.id());
    Schedule schedule = Schedules.generate("1f1b", 2, 4);
    assertEquals(each.in(schedule), policy.ofStages(schedule));
    assertEquals(each.in(schedule), cut(policy, schedule, EQUAL, Long.MAX_VALUE).schedule());
  }

  @ParameterizedTest
  @EnumSource(RecomputePolicy.class)
  void namesAreFoundAsSettingsWriteThem(RecomputePolicy each) {
    assertSame(each, RecomputePolicy.named(each.id()));
    assertSame(each, RecomputePolicy.named(each.name()));
    assertThrows(IllegalArgumentException.class, () -> RecomputePolicy.named("sometimes"));
  }
}
