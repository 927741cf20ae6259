package io.penstock.schedule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.schedule.generate.Schedules;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class SimulatorTest {
  private static final double ROUNDING = 1e-9;

  /** Times of a rank are 1 each: a stage takes its share of its rank. */
  private static Costs shares(Schedule schedule) {
    double share = (double) schedule.ranks().size() / schedule.stages();
    return Costs.even(schedule.stages(), share, share, share);
  }

  private static Simulation simulate(Schedule schedule) {
    return Simulator.simulate(schedule, shares(schedule));
  }

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
  @CsvSource({
    "gpipe, 2, 4, 15, .2000, 4 4",
    "gpipe, 4, 8, 33, .2727, 8 8 8 8",
    "gpipe, 4, 16, 57, .1579, 16 16 16 16",
    "gpipe, 8, 32, 117, .1795, 32 32 32 32 32 32 32 32",
    "1f1b, 2, 4, 15, .2000, 2 1",
    "1f1b, 4, 8, 33, .2727, 4 3 2 1",
    "1f1b, 4, 16, 57, .1579, 4 3 2 1",
    "1f1b, 8, 32, 117, .1795, 8 7 6 5 4 3 2 1",
    "eager-1f1b, 4, 16, 57, .1579, 7 5 3 1",
    "interleaved, 2, 4, 13.5, .1111, 5 3",
    "interleaved, 4, 8, 28.5, .1579, 11 9 7 5",
    "interleaved, 4, 16, 52.5, .0857, 11 9 7 5",
    "interleaved, 8, 32, 106.5, .0986, 23 21 19 17 15 13 11 9",
    "zb-v, 2, 4, 12.5, .0400, 4 4",
    "zb-v, 4, 8, 25.5, .0588, 8 8 8 8",
    "zb-v, 4, 16, 49.5, .0303, 8 8 8 8",
    "zb-v, 8, 32, 99.5, .0352, 16 16 16 16 16 16 16 16",
    "zb-h1, 2, 4, 13, .0769, 2 2",
    "zb-h1, 4, 8, 27, .1111, 4 4 4 4",
    "zb-h1, 4, 16, 51, .0588, 4 4 4 4",
    "zb-h1, 8, 32, 103, .0680, 8 8 8 8 8 8 8 8"
  })
  void withFreeTransferTheFiguresOfThePapersComeOut(
      String id, int ranks, int microBatches, double makespan, double bubble, String peaks) {
    check(Schedules.generate(id, ranks, microBatches), makespan, bubble, peaks);
  }

  @Test
  void chunksCostTheirShareOfARank() {
    check(Plans.ZB_V, 12.5, .0400, "4 4");
  }

  private static void check(Schedule schedule, double makespan, double bubble, String peaks) {
    Simulation simulation = simulate(schedule);
    assertEquals(makespan, simulation.makespan());
    assertEquals(bubble, simulation.bubble(), 0.00005);
    assertEquals(
        peaks, String.join(" ", simulation.peakActivations().stream().map(n -> "" + n).toList()));
  }

  @ParameterizedTest
  @CsvSource({
    "0, 57, 57, 57, 52.5",
    "0.25, 58.5, 64, 58.5, 56",
    "0.5, 60, 71, 60, 59.5",
    "1, 63, 85, 63, 75.5",
    "2, 69, 113, 75, 113.5"
  })
  void latencyIsHiddenByForwardsAhead(
      double latency, double gpipe, double plain, double eager, double interleaved) {
    for (var expected :
        Map.of("gpipe", gpipe, "1f1b", plain, "eager-1f1b", eager, "interleaved", interleaved)
            .entrySet()) {
      Schedule schedule = Schedules.generate(expected.getKey(), 4, 16);
      assertEquals(
          expected.getValue(),
          Simulator.simulate(schedule, shares(schedule).withLatency(latency)).makespan(),
          schedule.name());
    }
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

  @Test
  void aFrameKeepsBothRanksFromComputing() {
    Schedule schedule = Schedules.generate("1f1b", 2, 2);
    Costs costs = Costs.even(2, 4, 2, 2).withLatency(1);
    assertEquals(26, Simulator.simulate(schedule, costs).makespan());
    for (Schedule played : List.of(schedule, Lowering.lower(schedule))) {
      Simulation busy = Simulator.simulate(played, costs.withBusy(1));
      // F0, a unit to send it, F1; B0 came while the rank waited, B1 came last.
      assertEquals(List.of(0.0, 5.0, 14.0, 24.0), starts(busy, 0), played::name);
      // F0 came while the rank waited; B0's frame leaves for a unit, and F1's takes another.
      assertEquals(List.of(5.0, 9.0, 15.0, 19.0), starts(busy, 1), played::name);
      assertEquals(28, busy.makespan());
    }
  }

  private static List<Double> starts(Simulation simulation, int rank) {
    return simulation.spans().get(rank).stream().map(Span::start).toList();
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

  @Test
  void onOneRankNoFrameKeepsAnyoneBusy() {
    Schedule alone = Schedules.generate("interleaved", 1, 4);
    Costs costs = shares(alone);
    double free = Simulator.simulate(alone, costs).makespan();
    assertEquals(free, Simulator.simulate(alone, costs.withBusy(7)).makespan());
  }

  @Test
  void oneSlowLinkDelaysWhatCrossesIt() {
    Schedule schedule = Schedules.generate("1f1b", 3, 1);
    Costs costs = Costs.even(3, 1, 1, 1).withLink(1, 2, new LinkCost(5, Double.POSITIVE_INFINITY));
    assertEquals(9 + 5, Simulator.simulate(schedule, costs).makespan());
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

  @Test
  void aLinkCarriesOneFrameAfterTheOther() {
    Costs costs = Costs.even(2, 1, 1, 1).withFrameBytes(6).withBandwidth(2).withLatency(0.5);
    List<List<Span>> spans = Simulator.simulate(Schedules.generate("gpipe", 2, 3), costs).spans();
    // Made at 1, 2, 3; on the link from 1 to 4 to 7 to 10.
    assertEquals(List.of(4.5, 7.5, 10.5), spans.get(1).stream().limit(3).map(Span::start).toList());
  }

  @Test
  void bothDirectionsOfALinkAreApart() {
    Costs costs = Costs.even(2, 1, 1, 1).withLatency(4);
    Simulation run = Simulator.simulate(Plans.of("0F0 0F1 0B0 0B1", "1F0 1B0 1F1 1B1"), costs);
    assertEquals(new Span(Action.parse("0B0"), 12, 14), run.spans().get(0).get(2));
    assertEquals(2, run.inFlight(0, 1));
    assertEquals(0, run.inFlight(0, 0));
  }

  @Test
  void aFrameLeavesAtItsSend() {
    Costs costs = Costs.even(2, 1, 1, 1);
    Simulation run =
        Simulator.simulate(
            Plans.of(
                "0F0 0F1 0SEND_F0 0SEND_F1 0RECV_B0 0RECV_B1 0B0 0B1",
                "1RECV_F0 1RECV_F1 1F0 1F1 1B0 1SEND_B0 1B1 1SEND_B1"),
            costs);
    assertEquals(new Span(Action.parse("1F0"), 2, 3), run.spans().get(1).get(0));
    assertEquals(4, run.spans().get(0).size());
  }

  @Test
  void stagesOfOneRankHandOverAtOnce() {
    Costs costs = Costs.even(2, 1, 1, 1).withLatency(100).withFrameBytes(1).withBandwidth(1);
    Simulation run = Simulator.simulate(Plans.of("0F0 1F0 1B0 0B0"), costs);
    assertEquals(6, run.makespan());
    assertEquals(List.of(0.0), run.bubblePerRank());
    assertEquals(List.of(2), run.peakActivations());
  }

  @Test
  void aScheduleThatStopsIsAnsweredWithWhere() {
    Schedule stuck = Plans.of("0F0 0B0 0F1 0B1", "1F0 1F1 1B0 1B1");
    String message =
        assertThrows(InvalidScheduleException.class, () -> simulate(stuck)).getMessage();
    assertTrue(message.contains(">0B0<"), message);
  }

  @Test
  void costsAreOfAsManyStagesAsTheSchedule() {
    String message =
        assertThrows(
                IllegalArgumentException.class,
                () -> Simulator.simulate(Plans.SMALL, Costs.even(3, 1, 1, 1)))
            .getMessage();
    assertTrue(message.contains("2 stages"), message);
  }

  @ParameterizedTest
  @CsvSource({"1f1b", "zb-h1", "zb-h2", "gpipe"})
  @Timeout(120)
  void sixtyFourRanksOf512MicroBatchesTakeNoTimeToSpeakOf(String id) {
    Schedule schedule = Schedules.generate(id, 64, 512);
    Simulation run = simulate(schedule);
    assertTrue(run.makespan() >= 3 * 512);
  }
}
