package io.penstock.balance;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Costs of every run of consecutive layers as a stage under given constraints. Immutable. */
final class Segments {
  private final LayerCosts costs;
  private final CutConstraints constraints;
  private final int layers;

  /** Times of runs of layers, by stage, first layer and end, scaled; one for all that are alike. */
  private final double[][][] times;

  /** The least of these times over all stages. */
  private final double[][] least;

  /** Time of sending behind each layer, scaled; forward and back are alike. */
  private final double[] sends;

  /** Sums over the layers before each. */
  private final long[] states;

  private final long[] kept;

  Segments(LayerCosts costs, CutConstraints constraints) {
    this.costs = costs;
    this.constraints = constraints;
    this.layers = costs.count();
    this.sends =
        costs.layers().stream()
            .mapToDouble(
                cost -> constraints.frameCost() + constraints.byteCost() * cost.outputBytes())
            .toArray();
    List<double[]> onRanks =
        (costs.byRank().isEmpty() ? List.of(costs.layers()) : costs.byRank())
            .stream().map(rank -> rank.stream().mapToDouble(LayerCost::time).toArray()).toList();
    // By a power of two, which is exact, so that sums and squares neither overflow nor vanish.
    double slowest = onRanks.stream().mapToDouble(Segments::max).max().orElse(0);
    double most = Math.max(slowest, layers > 1 ? max(sends) : 0);
    int exponent = -Math.getExponent(most);
    List<double[][]> ranks = onRanks.stream().map(time -> runs(time, exponent)).toList();
    this.times =
        constraints.ranks().stream()
            .map(rank -> ranks.get(ranks.size() == 1 ? 0 : rank))
            .toArray(double[][][]::new);
    this.least = least(ranks);
    Arrays.setAll(sends, layer -> Math.scalb(sends[layer], exponent));
    this.states = sumsBefore(costs.layers().stream().mapToLong(LayerCost::stateBytes).toArray());
    this.kept = sumsBefore(costs.layers().stream().mapToLong(LayerCost::keptBytes).toArray());
  }

  /** Sums the times of all runs of consecutive layers. */
  private static double[][] runs(double[] time, int exponent) {
    double[][] times = new double[time.length][time.length + 1];
    for (int end = 1; end <= time.length; end++) {
      double sum = 0;
      for (int first = end - 1; first >= 0; first--) {
        sum += Math.scalb(time[first], exponent);
        times[first][end] = sum;
      }
    }
    return times;
  }

  private static double[][] least(List<double[][]> ranks) {
    double[][] least = Arrays.stream(ranks.get(0)).map(double[]::clone).toArray(double[][]::new);
    for (double[][] other : ranks) {
      for (int first = 0; first < least.length; first++) {
        for (int end = first + 1; end <= least.length; end++) {
          least[first][end] = Math.min(least[first][end], other[first][end]);
        }
      }
    }
    return least;
  }

  int layers() {
    return layers;
  }

  CutConstraints constraints() {
    return constraints;
  }

  /** Returns the cost of a stage with these layers: their time and what it sends, both ways. */
  double cost(int stage, int first, int end) {
    return times[stage][first][end]
        + (constraints.crosses(stage) ? sends[end - 1] : 0)
        + (constraints.crosses(stage - 1) ? sends[first - 1] : 0);
  }

  /** Returns a lower bound of {@link #cost}, no less the more layers there are. */
  double time(int first, int end) {
    return least[first][end];
  }

  /** Returns the bytes that a stage needs if it has these layers. */
  long bytes(int stage, int first, int end) {
    return bytesWith(constraints.inFlight().get(stage), first, end);
  }

  /** Returns the bytes that these layers need with a number of micro-batches in flight. */
  long bytesWith(long inFlight, int first, int end) {
    long perMicroBatch = costs.bytesInto(first, end) + kept[end] - kept[first];
    return states[end] - states[first] + inFlight * perMicroBatch;
  }

  /** Returns all costs that a stage can have, from least to most. */
  double[] possibleCosts() {
    return IntStream.range(0, constraints.stages())
        .boxed()
        .flatMapToDouble(
            stage ->
                IntStream.range(stage, layers)
                    .boxed()
                    .flatMapToDouble(
                        first ->
                            IntStream.rangeClosed(first + 1, layers)
                                .filter(end -> leavesEnough(stage, end))
                                .mapToDouble(end -> cost(stage, first, end))))
        .sorted()
        .distinct()
        .toArray();
  }

  /** Returns whether as many layers are left behind a stage as there are stages. */
  boolean leavesEnough(int stage, int end) {
    int after = constraints.stages() - 1 - stage;
    return after == 0 ? end == layers : end + after <= layers;
  }

  private static double max(double[] values) {
    return Arrays.stream(values).max().orElse(0);
  }

  private static long[] sumsBefore(long[] values) {
    long[] sums = new long[values.length + 1];
    for (int i = 0; i < values.length; i++) {
      sums[i + 1] = sums[i] + values[i];
    }
    return sums;
  }
}
