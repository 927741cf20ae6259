package io.penstock.balance;

import java.util.Arrays;
import java.util.stream.IntStream;

/** Costs of every run of consecutive layers as a stage under given constraints. Immutable. */
final class Segments {
  private final LayerCosts costs;
  private final CutConstraints constraints;
  private final int layers;

  /** Times of runs of layers, by first layer and end, scaled. */
  private final double[][] times;

  /** Time of sending behind each layer, scaled; forward and back are alike. */
  private final double[] sends;

  /** Sums over the layers before each. */
  private final long[] states;

  private final long[] kept;

  Segments(LayerCosts costs, CutConstraints constraints) {
    this.costs = costs;
    this.constraints = constraints;
    this.layers = costs.count();
    double[] time = costs.layers().stream().mapToDouble(LayerCost::time).toArray();
    this.sends =
        costs.layers().stream()
            .mapToDouble(
                cost -> constraints.frameCost() + constraints.byteCost() * cost.outputBytes())
            .toArray();
    // By a power of two, which is exact, so that sums and squares neither overflow nor vanish.
    double most = Math.max(max(time), layers > 1 ? max(sends) : 0);
    int exponent = -Math.getExponent(most);
    this.times = new double[layers][layers + 1];
    for (int end = 1; end <= layers; end++) {
      double sum = 0;
      for (int first = end - 1; first >= 0; first--) {
        sum += Math.scalb(time[first], exponent);
        times[first][end] = sum;
      }
    }
    Arrays.setAll(sends, layer -> Math.scalb(sends[layer], exponent));
    this.states = sumsBefore(costs.layers().stream().mapToLong(LayerCost::stateBytes).toArray());
    this.kept = sumsBefore(costs.layers().stream().mapToLong(LayerCost::keptBytes).toArray());
  }

  int layers() {
    return layers;
  }

  CutConstraints constraints() {
    return constraints;
  }

  /** Returns the cost of a stage with these layers: their time and what it sends, both ways. */
  double cost(int stage, int first, int end) {
    return times[first][end]
        + (constraints.crosses(stage) ? sends[end - 1] : 0)
        + (constraints.crosses(stage - 1) ? sends[first - 1] : 0);
  }

  /** Returns a lower bound of {@link #cost}, no less the more layers there are. */
  double time(int first, int end) {
    return times[first][end];
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
