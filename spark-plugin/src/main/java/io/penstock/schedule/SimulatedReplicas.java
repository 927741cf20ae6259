package io.penstock.schedule;

/**
 * Exchange of gradients between replicas while a schedule is simulated. All replicas do the same at
 * the same time, so that one is enough to look at. For one thread.
 */
final class SimulatedReplicas {
  private final ReplicaCosts costs;

  /** By rank, when it has sent what it had to send. */
  private final double[] free;

  /** By stage, when the last thing was done whose result is exchanged next. */
  private final double[] ready;

  SimulatedReplicas(int ranks, int stages, ReplicaCosts costs) {
    this.costs = costs;
    this.free = new double[ranks];
    this.ready = new double[stages];
  }

  /** Notes that an action is done. */
  void done(Action action, double time) {
    ActionKind kind = action.kind();
    if (kind.givesWeightGradient()
        || kind == ActionKind.REDUCE_SCATTER
        || kind == ActionKind.UPDATE) {
      ready[action.stage()] = time;
    }
  }

  /** Returns when what a stage exchanges next has come, beside all compute. */
  double arrival(int rank, int stage) {
    double sent =
        Math.max(free[rank], ready[stage]) + costs.bytes(stage) / costs.link().bandwidth();
    free[rank] = sent;
    return costs.replicas() == 1 ? 0 : sent + costs.link().latency();
  }
}
