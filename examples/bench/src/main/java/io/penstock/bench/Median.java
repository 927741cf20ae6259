package io.penstock.bench;

import java.util.Arrays;
import java.util.Collection;
import java.util.function.ToDoubleFunction;

/** The middle of repeated measurements; of an even number, the mean of the two in the middle. */
final class Median {
  private Median() {}

  /**
   * @throws IllegalArgumentException if there are none
   */
  static double of(double... values) {
    if (values.length == 0) {
      throw new IllegalArgumentException("Nothing was measured, so there is no median.");
    }
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  static <T> double of(Collection<T> measured, ToDoubleFunction<T> figure) {
    return of(measured.stream().mapToDouble(figure).toArray());
  }
}
