package io.penstock.balance;

import java.util.Arrays;

/**
 * Linear partition problem (Skiena, The Algorithm Design Manual, section 10.7): cut a row of layers
 * so that the worst stage is as good as it can be, whatever else the stages share. Dynamic
 * programming, O(stages × layers²). Stateless.
 */
final class Bottleneck {
  /** Cost of a stage with these layers; infinite if it cannot have them. */
  interface StageCost {
    double of(int stage, int first, int end);
  }

  private Bottleneck() {}

  /**
   * Returns the least cost that the slowest stage can have over all cuts; infinite if there is no
   * cut.
   */
  static double least(int layers, int stages, StageCost cost) {
    // best[n]: the worst stage of the first n layers on the stages so far.
    double[] best = new double[layers + 1];
    Arrays.fill(best, Double.POSITIVE_INFINITY);
    best[0] = 0;
    for (int stage = 0; stage < stages; stage++) {
      double[] with = new double[layers + 1];
      Arrays.fill(with, Double.POSITIVE_INFINITY);
      int latest = layers - (stages - 1 - stage);
      int earliest = stage == stages - 1 ? layers : stage + 1;
      for (int end = earliest; end <= latest; end++) {
        for (int first = end - 1; first >= stage; first--) {
          if (best[first] < with[end]) {
            with[end] = Math.min(with[end], Math.max(best[first], cost.of(stage, first, end)));
          }
        }
      }
      best = with;
    }
    return best[layers];
  }

  /**
   * Returns which layers each stage may start with so that it and all after it stay within a limit:
   * by stage, then by layer. There is one stage more than there are, which starts behind the last
   * layer.
   */
  static boolean[][] startsWithin(double limit, int layers, int stages, StageCost cost) {
    boolean[][] can = new boolean[stages + 1][layers + 1];
    can[stages][layers] = true;
    for (int stage = stages - 1; stage >= 0; stage--) {
      for (int first = stage; first < layers; first++) {
        for (int end = first + 1; end <= layers && !can[stage][first]; end++) {
          can[stage][first] = can[stage + 1][end] && cost.of(stage, first, end) <= limit;
        }
      }
    }
    return can;
  }
}
