package io.penstock.balance;

import io.penstock.Amount;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * Measured times of a network's layers on executors of one class: those that compute alike.
 * Immutable; lists are by layer.
 *
 * @param byRows the layers' times for two numbers of rows or more
 * @param update seconds that the update of each layer's weights takes, once a step
 */
public record LayerTimes(List<RowTimes> byRows, List<Double> update) {
  /** Two numbers of rows, for a line goes through them. */
  private static final int FEW_ROWS = 1;

  private static final int MANY_ROWS = 1025;

  /**
   * Copies the lists and checks the numbers.
   *
   * @throws IllegalArgumentException if there are fewer than two numbers of rows, or times of
   *     different numbers of layers
   */
  public LayerTimes {
    byRows = List.copyOf(byRows);
    update = List.copyOf(update);
    if (byRows.stream().mapToInt(RowTimes::rows).distinct().count() < 2) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "layers measured with %s rows; measure with two different numbers at least, so that"
                  + " what a micro-batch takes besides its rows can be told",
              byRows.stream().map(RowTimes::rows).toList()));
    }
    for (RowTimes times : byRows) {
      if (times.forward().size() != update.size()) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "times of %s for %s, and of the update of %s; give one of each a" + " layer",
                new Amount(times.forward().size(), "layer"),
                new Amount(times.rows(), "row"),
                new Amount(update.size(), "layer")));
      }
    }
  }

  /** Returns the number of layers. */
  int layers() {
    return update.size();
  }

  /** Returns sizes with these times for a micro-batch of a number of rows, in seconds. */
  LayerCosts timed(LayerCosts sizes, double rows) {
    return sizes.withTimes(
        at(rows, RowTimes::forward),
        at(rows, RowTimes::inputGradient),
        at(rows, RowTimes::weightGradient));
  }

  /**
   * Returns the times of layers with a multiple of the work: what they take for a row and for an
   * update grows with it; what a micro-batch takes besides its rows stays.
   *
   * @param times above 0
   */
  LayerTimes withWork(double times) {
    return new LayerTimes(
        IntStream.of(FEW_ROWS, MANY_ROWS).mapToObj(rows -> worked(rows, times)).toList(),
        update.stream().map(seconds -> times * seconds).toList());
  }

  private RowTimes worked(int rows, double times) {
    return new RowTimes(
        rows,
        worked(rows, times, RowTimes::forward),
        worked(rows, times, RowTimes::inputGradient),
        worked(rows, times, RowTimes::weightGradient));
  }

  private List<Double> worked(int rows, double times, Function<RowTimes, List<Double>> part) {
    return Arrays.stream(lines(part))
        .map(line -> new LinearCost(line.fixed(), times * line.perRow()).at(rows))
        .toList();
  }

  private double[] at(double rows, Function<RowTimes, List<Double>> part) {
    return Arrays.stream(lines(part)).mapToDouble(line -> line.at(rows)).toArray();
  }

  private LinearCost[] lines(Function<RowTimes, List<Double>> part) {
    double[] counts = byRows.stream().mapToDouble(RowTimes::rows).toArray();
    LinearCost[] lines = new LinearCost[layers()];
    for (int layer = 0; layer < lines.length; layer++) {
      int index = layer;
      double[] seconds = byRows.stream().mapToDouble(one -> part.apply(one).get(index)).toArray();
      lines[layer] = LinearCost.fit(counts, seconds);
    }
    return lines;
  }
}
