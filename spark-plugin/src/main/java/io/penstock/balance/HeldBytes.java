package io.penstock.balance;

import io.penstock.Internal;
import io.penstock.schedule.LinkCost;
import io.penstock.schedule.Schedule;
import io.penstock.schedule.Simulation;
import io.penstock.schedule.Simulator;

/**
 * Memory that ranks hold at a time, in bytes: the state of their stages, and the activations they
 * keep. Stateless; any thread may call.
 */
@Internal
public final class HeldBytes {
  private HeldBytes() {}

  /**
   * Returns what the rank that needs most holds, in bytes: weights, gradients and optimizer state
   * of its stages, and the most activations that it keeps at a time.
   *
   * @param simulation of the schedule with {@link StageCosts} of the same cut and layers
   */
  public static long most(Simulation simulation, Cut cut, LayerCosts layers) {
    long[] bytes = states(simulation.schedule(), cut, layers);
    long most = 0;
    for (int rank = 0; rank < bytes.length; rank++) {
      most = Math.max(most, bytes[rank] + Math.round(simulation.peakBytes().get(rank)));
    }
    return most;
  }

  /**
   * Returns what the rank that needs most holds, in bytes: see {@link #most(Simulation, Cut,
   * LayerCosts)}. What is held hangs on the order of a rank's actions, not on how long they take.
   */
  public static long of(Schedule schedule, Cut cut, LayerCosts layers) {
    return most(
        Simulator.simulate(schedule, StageCosts.of(cut, layers, LinkCost.FREE)), cut, layers);
  }

  /** Returns for each rank the bytes of weights, gradients and optimizer state of its stages. */
  static long[] states(Schedule schedule, Cut cut, LayerCosts layers) {
    long[] bytes = new long[schedule.ranks().size()];
    for (int stage = 0; stage < cut.stages(); stage++) {
      bytes[schedule.rankOf(stage)] += layers.stateBytes(cut.first(stage), cut.end(stage));
    }
    return bytes;
  }
}
