package io.penstock.schedule;

import java.util.HashMap;
import java.util.Map;

/** Disk of one rank in a simulation: one write or read after the other. For one thread. */
final class SimulatedDisk {
  private final Costs costs;

  /** When all that was asked of it is done, and when the last write is. */
  private double free;

  private double written;

  /** When what was asked for is back, by the second forward that needs it. */
  private final Map<Action, Double> back = new HashMap<>();

  SimulatedDisk(Costs costs) {
    this.costs = costs;
  }

  /**
   * Returns when a rank can do its next action.
   *
   * @param ready when it could, but for the disk
   */
  double start(Action action, double ready) {
    double time = costs.inputBytes().get(action.stage()) / costs.diskBandwidth();
    switch (action.kind()) {
      case OFFLOAD -> {
        double start = Math.max(ready, written);
        free = Math.max(free, start) + time;
        written = free;
        return start;
      }
      case PREFETCH -> {
        free = Math.max(free, ready) + time;
        back.put(action.as(ActionKind.R), free);
        return ready;
      }
      case R -> {
        return Math.max(ready, back.getOrDefault(action, 0.0));
      }
      default -> {
        return ready;
      }
    }
  }
}
