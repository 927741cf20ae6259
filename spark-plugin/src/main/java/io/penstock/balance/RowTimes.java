package io.penstock.balance;

import io.penstock.Amount;
import java.util.List;
import java.util.Locale;

/**
 * Measured times of the layers for a micro-batch of a number of rows, in seconds. Immutable; lists
 * are by layer.
 *
 * @param rows of the micro-batch, at least 1
 * @param forward seconds of the forward
 * @param inputGradient seconds of the input-gradient half of the backward; 0 for the first layer
 * @param weightGradient seconds of the weight-gradient half
 */
public record RowTimes(
    int rows, List<Double> forward, List<Double> inputGradient, List<Double> weightGradient) {

  /**
   * Copies the lists and checks the numbers.
   *
   * @throws IllegalArgumentException if there is no row, the lists differ in length, or a time is
   *     no finite number of at least 0
   */
  public RowTimes {
    forward = List.copyOf(forward);
    inputGradient = List.copyOf(inputGradient);
    weightGradient = List.copyOf(weightGradient);
    if (rows < 1) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT, "times for %s; measure with at least one", new Amount(rows, "row")));
    }
    for (List<Double> times : List.of(forward, inputGradient, weightGradient)) {
      if (times.size() != forward.size()) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "%d forward, %d input-gradient and %d weight-gradient times for %s; give one"
                    + " of each a layer",
                forward.size(),
                inputGradient.size(),
                weightGradient.size(),
                new Amount(rows, "row")));
      }
      for (double time : times) {
        if (!(time >= 0 && Double.isFinite(time))) {
          throw new IllegalArgumentException(
              String.format(
                  Locale.ROOT,
                  "a layer took %s seconds for %s; a time is finite and at least 0",
                  time,
                  new Amount(rows, "row")));
        }
      }
    }
  }
}
