package io.penstock.schedule;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SimulationTest {
  @Test
  void ofForwardsAloneNothingIsKept() {
    Costs costs = Costs.even(2, 1, 1, 1).withActivationBytes(List.of(5.0, 7.0));
    Simulation run = Simulator.simulate(Plans.of("0F0 0F1 0F2", "1F0 1F1 1F2"), costs);
    assertEquals(4, run.makespan());
    assertEquals(List.of(1, 1), run.peakActivations());
    assertEquals(List.of(5.0, 7.0), run.peakBytes());
  }

  @Test
  void bytesAreThoseOfTheStagesThatAreKept() {
    Costs costs = Costs.even(4, 1, 1, 1).withActivationBytes(List.of(1.0, 10.0, 100.0, 1000.0));
    Simulation run = Simulator.simulate(Plans.ZB_V, costs);
    // Rank 0 starts 0F0 0F1 0F2 3F0 and keeps no second 3F beside three of 0F; see the list.
    assertEquals(List.of(1003.0, 220.0), run.peakBytes());
  }

  @Test
  void whatTakesNoTimeLeavesNoBubble() {
    Simulation run = Simulator.simulate(Plans.SMALL, Costs.even(2, 0, 0, 0));
    assertEquals(0, run.makespan());
    assertEquals(0, run.bubble());
  }

  @Test
  void theBubbleOfARankIsItsIdleShareOfTheMakespan() {
    Simulation run =
        Simulator.simulate(
            Plans.of("0F0 0B0", "1F0 1B0"),
            new Costs(
                List.of(1.0, 2.0),
                List.of(1.0, 2.0),
                List.of(0.0, 2.0),
                Collections.nCopies(2, 0.0),
                Collections.nCopies(2, 0.0),
                Collections.nCopies(2, 0.0),
                new LinkCost(1, 1),
                Map.of()));
    assertEquals(10, run.makespan());
    assertEquals(List.of(0.8, 0.4), run.bubblePerRank());
    assertEquals(0.6, run.bubble(), 1e-9);
  }
}
