package io.penstock.schedule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.schedule.generate.Schedules;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SimulatorTest {
  private static final double ROUNDING = 1e-9;

  /** Times of a rank are 1 each: a stage takes its share of its rank. */
  private static Costs shares(Schedule schedule) {
    double share = (double) schedule.ranks().size() / schedule.stages();
    return Costs.even(schedule.stages(), share, share, share);
  }

  static Simulation simulate(Schedule schedule) {
    return Simulator.simulate(schedule, shares(schedule));
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
    "v-half, 4, 16, 52.5, .0857, 6 6 6 6",
    "v-half, 8, 32, 106.5, .0986, 10 10 10 10 10 10 10 10",
    "v-min, 4, 16, 53.5, .1028, 4 4 4 4",
    "v-min, 8, 32, 109.5, .1233, 7 8 8 6 8 8 6 8",
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
  void sixtyFourRanksOf512MicroBatchesAreSimulated(String id) {
    Schedule schedule = Schedules.generate(id, 64, 512);
    Simulation run = simulate(schedule);
    assertTrue(run.makespan() >= 3 * 512);
  }
}
