package io.penstock.balance;

import java.util.function.IntFunction;

/**
 * Choice of the number of blocks that a network's last layer, its output projection, is split into
 * by columns: the least with which the slowest stage of the best cut is as quick as it would be,
 * but for a few per cent, if that layer could be divided anywhere. Immutable; any thread may ask.
 *
 * @param constraints stages to make, and the memory of a rank
 * @param most blocks that there may be
 */
public record OutputBlocks(CutConstraints constraints, int most) {
  /** How much slower the slowest stage may be: 5 %. */
  private static final double WITHIN = 1.05;

  /**
   * Returns the number of blocks: 1 where a split does not pay, or no number of blocks helps to fit
   * the layers in memory.
   *
   * @param costs of the layers with the last one in so many blocks
   */
  public int least(IntFunction<LayerCosts> costs) {
    double enough = WITHIN * divided(costs.apply(1));
    double[] slowest = new double[most + 1];
    double best = Double.POSITIVE_INFINITY;
    for (int blocks = 1; blocks <= most; blocks++) {
      slowest[blocks] = slowest(costs.apply(blocks));
      if (slowest[blocks] <= enough) {
        return blocks;
      }
      best = Math.min(best, slowest[blocks]);
    }
    if (best == Double.POSITIVE_INFINITY) {
      return 1;
    }
    // Blocks cost a little by themselves, so that it may never be enough.
    int blocks = 1;
    while (slowest[blocks] > WITHIN * best) {
      blocks++;
    }
    return blocks;
  }

  /** Returns the time of the best cut's slowest stage; infinite if there is none, or none fits. */
  private double slowest(LayerCosts costs) {
    double[] before = before(costs);
    return Bottleneck.least(
        costs.count(),
        constraints.stages(),
        (stage, first, end) ->
            bytes(costs, stage, first, end) <= constraints.memoryLimit()
                ? before[end] - before[first]
                : Double.POSITIVE_INFINITY);
  }

  private double bytes(LayerCosts costs, int stage, int first, int end) {
    return costs.stateBytes(first, end)
        + (double) constraints.inFlight().get(stage) * costs.keptBytes(first, end);
  }

  /**
   * Returns the time of the slowest stage if the last layer could be divided anywhere: some stages
   * hold layers before it, and those that are left hold the others and an equal share of it.
   */
  private double divided(LayerCosts costs) {
    double[] before = before(costs);
    int front = costs.count() - 1;
    double least = Double.POSITIVE_INFINITY;
    for (int whole = 0; whole < constraints.stages(); whole++) {
      for (int first = whole; first <= (whole == 0 ? 0 : front); first++) {
        double rest = before[front] - before[first];
        double share = (before[front + 1] - before[first]) / (constraints.stages() - whole);
        double slowest = Math.max(rest, share);
        if (whole > 0 && slowest < least) {
          slowest =
              Math.max(
                  slowest,
                  Bottleneck.least(first, whole, (stage, from, to) -> before[to] - before[from]));
        }
        least = Math.min(least, slowest);
      }
    }
    return least;
  }

  /** Returns the times of all layers before each, and of all. */
  private static double[] before(LayerCosts costs) {
    double[] before = new double[costs.count() + 1];
    for (int layer = 0; layer < costs.count(); layer++) {
      before[layer + 1] = before[layer] + costs.layers().get(layer).time();
    }
    return before;
  }
}
