package io.penstock.balance;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Cuts a row of layers into stages so that the slowest stage is as quick as it can be: the linear
 * partition problem, solved exactly by dynamic programming (Skiena, The Algorithm Design Manual,
 * section 10.7), in O(stages × layers²).
 *
 * <p>Many cuts share the best slowest stage. Of those it takes the most even one: least sum of
 * squared stage costs, then least sum of squared layer counts, then the most layers on the last
 * stage, on the one before it, and so on: under 1F1B the first stages keep the most activations.
 */
public final class Partitioner {
  private static final double NONE = Double.POSITIVE_INFINITY;

  private Partitioner() {}

  /**
   * Returns the best cut; the same for the same costs, always.
   *
   * @param costs for each layer what it takes, in any unit; zero is allowed
   * @param stages how many stages to make, each of at least one layer
   * @throws IllegalArgumentException if there are more stages than layers, or a cost is no finite
   *     number of at least 0
   */
  public static Cut partition(double[] costs, int stages) {
    check(costs, stages);
    // By a power of two, which is exact, so that squares neither overflow nor vanish.
    int exponent = Math.getExponent(Arrays.stream(costs).max().getAsDouble());
    double[] scaled = Arrays.stream(costs).map(cost -> Math.scalb(cost, -exponent)).toArray();
    return new Cut(mostEven(scaled, stages, slowest(scaled, stages)), costs.length);
  }

  private static void check(double[] costs, int stages) {
    if (stages < 1) {
      throw new IllegalArgumentException(
          "%d stages asked for; it takes at least one".formatted(stages));
    }
    if (stages > costs.length) {
      throw new IllegalArgumentException(
          "%d stages asked for, but the network has %d layers and each stage needs at least one; "
                  .formatted(stages, costs.length)
              + "use %d stages or fewer, or split a layer in two".formatted(costs.length));
    }
    for (int layer = 0; layer < costs.length; layer++) {
      if (!(costs[layer] >= 0 && costs[layer] < Double.POSITIVE_INFINITY)) {
        throw new IllegalArgumentException(
            "layer %d costs %s; a cost is a finite number of at least 0, in any unit"
                .formatted(layer, costs[layer]));
      }
    }
  }

  /** The least cost of the slowest stage, over all cuts. */
  private static double slowest(double[] costs, int stages) {
    // best[n]: the slowest stage of the first n layers on the stages so far.
    double[] best = new double[costs.length + 1];
    Arrays.fill(best, NONE);
    best[0] = 0;
    for (int stage = 0; stage < stages; stage++) {
      double[] with = new double[costs.length + 1];
      Arrays.fill(with, NONE);
      for (int end = stage + 1; end <= costs.length; end++) {
        double cost = 0;
        for (int first = end - 1; first >= stage; first--) {
          cost += costs[first];
          with[end] = Math.min(with[end], Math.max(best[first], cost));
        }
      }
      best = with;
    }
    return best[costs.length];
  }

  /** The first layers of the most even cut with no stage above the limit. */
  private static List<Integer> mostEven(double[] costs, int stages, double limit) {
    int layers = costs.length;
    double[] squares = new double[layers + 1];
    long[] counts = new long[layers + 1];
    Arrays.fill(squares, NONE);
    squares[0] = 0;
    int[][] firsts = new int[stages][layers + 1];
    for (int stage = 0; stage < stages; stage++) {
      double[] squaresWith = new double[layers + 1];
      long[] countsWith = new long[layers + 1];
      Arrays.fill(squaresWith, NONE);
      for (int end = stage + 1; end <= layers; end++) {
        double cost = 0;
        for (int first = end - 1; first >= stage; first--) {
          // Added up in the same order as in slowest(), so the limit is met to the last bit.
          cost += costs[first];
          if (cost > limit) {
            break;
          }
          if (squares[first] == NONE) {
            continue;
          }
          double square = squares[first] + cost * cost;
          long count = counts[first] + (long) (end - first) * (end - first);
          if (square < squaresWith[end]
              || (square == squaresWith[end] && count <= countsWith[end])) {
            squaresWith[end] = square;
            countsWith[end] = count;
            firsts[stage][end] = first;
          }
        }
      }
      squares = squaresWith;
      counts = countsWith;
    }
    int[] starts = new int[stages];
    int end = layers;
    for (int stage = stages - 1; stage >= 0; stage--) {
      starts[stage] = firsts[stage][end];
      end = starts[stage];
    }
    return IntStream.of(starts).boxed().toList();
  }
}
