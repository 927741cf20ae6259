package io.penstock.schedule;

import static io.penstock.schedule.SimulatorTest.simulate;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.schedule.generate.Schedules;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds of every schedule, whatever its stages cost. */
class SimulatorPropertiesTest {
  private static final double ROUNDING = 1e-9;

  /** Every schedule at the usual sizes but the largest; all that exist for them. */
  static Stream<Schedule> schedules() {
    List<Schedule> all = new ArrayList<>();
    Plans.sizes()
        .map(size -> size.get())
        .filter(size -> (int) size[1] <= 16)
        .forEach(
            size -> {
              try {
                all.add(Schedules.generate((String) size[0], (int) size[1], (int) size[2]));
              } catch (IllegalArgumentException doesNotExist) {
                // Some schedules need more micro-batches; their own tests say which.
              }
            });
    assertTrue(all.size() > 100, "most schedules exist at most sizes");
    return Stream.concat(all.stream(), Stream.of(Plans.SMALL, Plans.ZB_V));
  }

  /** Costs that differ from stage to stage, keyed by the schedule's size. */
  private static Costs uneven(Schedule schedule) {
    Random random = new Random(schedule.stages() * 1000L + schedule.microBatches());
    int stages = schedule.stages();
    return new Costs(
        random.doubles(stages).boxed().toList(),
        random.doubles(stages).boxed().toList(),
        random.doubles(stages).boxed().toList(),
        random.doubles(stages).boxed().toList(),
        Collections.nCopies(stages, 0.0),
        random.doubles(stages).boxed().toList(),
        new LinkCost(0.1 * random.nextDouble(), 1 + 10 * random.nextDouble()),
        Map.of());
  }

  private static boolean doesBackward(Schedule schedule) {
    return schedule.ranks().stream()
        .flatMap(List::stream)
        .anyMatch(action -> action.kind() == ActionKind.B || action.kind() == ActionKind.W);
  }

  @ParameterizedTest
  @MethodSource("schedules")
  void noRankWorksOnTwoThingsAndNothingStartsBeforeItsInput(Schedule schedule) {
    Costs costs = uneven(schedule);
    Dependencies dependencies = new Dependencies(schedule);
    Map<Action, Span> spans = new HashMap<>();
    List<List<Span>> ranks = Simulator.simulate(schedule, costs).spans();
    ranks.forEach(rank -> rank.forEach(span -> spans.put(span.action(), span)));
    for (int rank = 0; rank < ranks.size(); rank++) {
      double free = 0;
      for (Span span : ranks.get(rank)) {
        assertTrue(span.start() >= free, span::toString);
        assertEquals(costs.of(span.action()), span.duration(), ROUNDING);
        free = span.end();
        if (dependencies.maker(span.action()).isPresent()) {
          Span maker = spans.get(dependencies.maker(span.action()).get());
          double hop =
              dependencies
                  .frame(span.action())
                  .map(frame -> hop(costs, schedule, frame))
                  .orElse(0.0);
          assertTrue(span.start() >= maker.end() + hop - ROUNDING, span + " uses " + maker);
        }
      }
      List<Action> compute =
          schedule.ranks().get(rank).stream().filter(a -> a.kind().isCompute()).toList();
      assertEquals(compute, ranks.get(rank).stream().map(Span::action).toList());
    }
  }

  private static double hop(Costs costs, Schedule schedule, Frame frame) {
    LinkCost link =
        costs.link(schedule.rankOf(frame.maker().stage()), schedule.rankOf(frame.user().stage()));
    return costs.bytes(frame) / link.bandwidth() + link.latency();
  }

  @ParameterizedTest
  @MethodSource("schedules")
  void busierFramesMakeNoStepShorter(Schedule schedule) {
    double before = 0;
    for (double busy : new double[] {0, 0.01, 0.1, 1, 10}) {
      double makespan = Simulator.simulate(schedule, uneven(schedule).withBusy(busy)).makespan();
      assertTrue(makespan >= before - ROUNDING, makespan + " after " + before);
      before = makespan;
    }
  }

  @ParameterizedTest
  @MethodSource("schedules")
  void noStepIsShorterThanItsWorkOrItsLongestWay(Schedule schedule) {
    Simulation even = simulate(schedule);
    double work = schedule.microBatches() * (doesBackward(schedule) ? 3 : 1);
    assertTrue(even.makespan() >= work - ROUNDING, () -> even.makespan() + " of " + work);

    Costs costs = uneven(schedule);
    double way = 0; // of one micro-batch, there and back
    for (int stage = 0; stage < schedule.stages(); stage++) {
      way += costs.forward().get(stage) + (doesBackward(schedule) ? costs.input().get(stage) : 0);
      if (stage > 0 && schedule.rankOf(stage) != schedule.rankOf(stage - 1)) {
        LinkCost link = costs.link(schedule.rankOf(stage - 1), schedule.rankOf(stage));
        double hop = costs.frameBytes().get(stage - 1) / link.bandwidth() + link.latency();
        way += hop * (doesBackward(schedule) ? 2 : 1);
      }
    }
    double makespan = Simulator.simulate(schedule, costs).makespan();
    assertTrue(makespan >= way - ROUNDING, makespan + " against " + way);
  }

  @ParameterizedTest
  @MethodSource("schedules")
  void loweringChangesNoTime(Schedule schedule) {
    Costs costs = uneven(schedule);
    Simulation plain = Simulator.simulate(schedule, costs);
    Simulation lowered = Simulator.simulate(Lowering.lower(schedule), costs);
    assertEquals(plain.spans(), lowered.spans());
    assertEquals(plain.framesInFlight(), lowered.framesInFlight());
    assertEquals(plain.peakActivations(), lowered.peakActivations());
  }

  @ParameterizedTest
  @MethodSource("schedules")
  void moreLatencyNeverMakesAStepShorter(Schedule schedule) {
    Costs costs = uneven(schedule);
    double before = 0;
    for (double latency : new double[] {0, 0.01, 0.1, 1, 10}) {
      double makespan = Simulator.simulate(schedule, costs.withLatency(latency)).makespan();
      assertTrue(makespan >= before, makespan + " after " + before);
      before = makespan;
    }
  }

  @ParameterizedTest
  @MethodSource("schedules")
  void noLinkHoldsMoreFramesThanTheVerifierAllowsFor(Schedule schedule) {
    Peaks bound = Verifier.verify(schedule);
    for (double latency : new double[] {0, 0.3, 30}) {
      Simulation run = Simulator.simulate(schedule, uneven(schedule).withLatency(latency));
      int ranks = schedule.ranks().size();
      for (int from = 0; from < ranks; from++) {
        for (int to = 0; to < ranks; to++) {
          assertTrue(run.inFlight(from, to) <= bound.inFlight(from, to), from + " to " + to);
          assertEquals(bound.inFlight(from, to) == 0, run.inFlight(from, to) == 0);
        }
      }
    }
  }
}
