package io.penstock.schedule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.schedule.generate.Schedules;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class OffloadingTest {
  static Stream<Schedule> schedules() {
    return Schedules.trainingIds().stream()
        .map(id -> WeightGradientOrder.order(Schedules.generate(id, 3, 6)));
  }

  private static Costs costs(int stages) {
    return Costs.even(stages, 1, 1, 1)
        .withActivationBytes(10)
        .withInputBytes(Collections.nCopies(stages, 1.0));
  }

  private static Schedule again(String rank) {
    return Recomputation.ALWAYS.in(Plans.of(rank));
  }

  @Test
  void anInputIsAskedForOneRecomputationAhead() {
    assertEquals(
        "0F0 0F1 0OFFLOAD1 0F2 0OFFLOAD2 0PREFETCH1 0R0 0B0 0PREFETCH2 0R1 0B1 0R2 0B2",
        Plans.row(Offloading.in(again("0F0 0F1 0F2 0B0 0B1 0B2")), 0));
  }

  /** Nothing lies between forward and second forward that it could be away for. */
  @Test
  void whatIsNeededNextStays() {
    Schedule inTurns = again("0F0 0B0 0F1 0B1");
    assertEquals(inTurns, Offloading.in(inTurns));
  }

  @Test
  void aScheduleThatDoesNothingAgainStaysAsItIs() {
    Schedule kept = Schedules.generate("gpipe", 2, 4);
    assertEquals(kept, Offloading.in(kept));
    Schedule offloaded = Offloading.in(Recomputation.ALWAYS.in(kept));
    assertTrue(Offloading.offloads(offloaded));
    assertFalse(Offloading.offloads(kept));
    assertSame(offloaded, Offloading.in(offloaded));
  }

  @ParameterizedTest
  @MethodSource("schedules")
  void everyScheduleStaysOneThatCanBeRun(Schedule schedule) {
    for (int segments = 1; segments <= 3; segments++) {
      Schedule again = Segmentation.even(schedule.stages(), segments, true).in(schedule);
      Schedule offloaded = Offloading.in(Lowering.lower(again));
      Peaks peaks = Verifier.verify(offloaded);
      assertEquals(Verifier.verify(Lowering.lower(again)).activations(), peaks.activations());
      Verifier.verify(Lowering.lower(Offloading.in(again)));
      for (int count = 1; count < schedule.microBatches(); count++) {
        if (!schedule.name().equals("dualpipe-v")) {
          Verifier.verify(offloaded.first(count));
        }
      }
      Simulation kept = Simulator.simulate(again, costs(again.stages()));
      Simulation away = Simulator.simulate(Offloading.in(again), costs(again.stages()));
      assertEquals(kept.makespan(), away.makespan(), "a disk that takes no time");
      for (int rank = 0; rank < 3; rank++) {
        assertTrue(away.peakBytes().get(rank) <= kept.peakBytes().get(rank) + 2);
      }
    }
  }

  /** The input being written, the one that is next and the one after, and one micro-batch whole. */
  @Test
  void whatIsKeptDoesNotGrowWithTheMicroBatches() {
    for (int microBatches : new int[] {6, 12, 24}) {
      Schedule again = Recomputation.ALWAYS.in(Schedules.generate("gpipe", 1, microBatches));
      Simulation away = Simulator.simulate(Offloading.in(again), costs(1));
      assertEquals(List.of(12.0), away.peakBytes(), microBatches + " micro-batches");
      assertEquals(List.of(9.0 + microBatches), Simulator.simulate(again, costs(1)).peakBytes());
    }
  }

  /** A rank waits for the write before, and a second forward for what it needs. */
  @Test
  void aSlowDiskIsWaitedFor() {
    Schedule away = Offloading.in(again("0F0 0F1 0F2 0B0 0B1 0B2"));
    Costs costs = costs(1);
    assertEquals(12, Simulator.simulate(away, costs).makespan());
    assertEquals(12, Simulator.simulate(away, costs.withDiskBandwidth(1)).makespan());
    // Writes from 2 to 3.5 and 5, the second of which waits; reads until 6.5 and 8, just in time.
    assertEquals(12.5, Simulator.simulate(away, costs.withDiskBandwidth(1 / 1.5)).makespan());
    // Writes from 2 to 6 and 10, the second begun with at 6; reads until 14 and 18.
    assertEquals(18 + 3, Simulator.simulate(away, costs.withDiskBandwidth(1 / 4.0)).makespan());
    assertThrows(IllegalArgumentException.class, () -> costs.withDiskBandwidth(0));
  }

  @Test
  void whatGoesComesBackInBetween() {
    assertRefused("0OFFLOAD0 is there without 0PREFETCH0", "0F0 0OFFLOAD0 0R0 0B0");
    assertRefused("0PREFETCH0 is there without 0OFFLOAD0", "0F0 0PREFETCH0 0R0 0B0");
    assertRefused("0PREFETCH0 is there without 0R0", "0F0 0OFFLOAD0 0PREFETCH0 0B0");
    assertRefused("0OFFLOAD0 comes before 0F0", "0OFFLOAD0 0F0 0PREFETCH0 0R0 0B0");
    assertRefused("0PREFETCH0 comes before 0OFFLOAD0", "0F0 0PREFETCH0 0OFFLOAD0 0R0 0B0");
    assertRefused("0R0 comes before 0PREFETCH0", "0F0 0OFFLOAD0 0R0 0PREFETCH0 0B0");
  }

  private static void assertRefused(String problem, String actions) {
    String message =
        assertThrows(InvalidScheduleException.class, () -> Verifier.verify(Plans.of(actions)))
            .getMessage();
    assertTrue(message.contains(problem), message);
  }
}
