package io.penstock.gpucheck;

import java.util.Arrays;
import java.util.List;

/**
 * How far a device's numbers are from the reference's. Immutable.
 *
 * @param error the largest, as a share of the largest number of its array; infinite where one is
 *     NaN or infinite and the other is not so
 * @param where the first number with that error, in words
 */
record Comparison(double error, String where) {
  /** Compares arrays one by one. */
  static Comparison of(List<double[]> device, List<double[]> reference) {
    Comparison worst = new Comparison(0, "");
    for (int i = 0; i < reference.size(); i++) {
      Comparison own = of(i, device.get(i), reference.get(i));
      worst = own.error > worst.error ? own : worst;
    }
    return worst;
  }

  private static Comparison of(int array, double[] device, double[] reference) {
    double scale = Arrays.stream(reference).filter(Double::isFinite).map(Math::abs).max().orElse(0);
    double error = 0;
    int at = 0;
    for (int i = 0; i < reference.length; i++) {
      double own = error(device[i], reference[i], Math.max(scale, Float.MIN_NORMAL));
      if (own > error) {
        error = own;
        at = i;
      }
    }
    return new Comparison(
        error,
        error == 0
            ? ""
            : "array " + array + ", number " + at + ": " + device[at] + ", not " + reference[at]);
  }

  private static double error(double device, double reference, double scale) {
    if (Double.isFinite(device) && Double.isFinite(reference)) {
      return Math.abs(device - reference) / scale;
    }
    return Double.compare(device, reference) == 0 ? 0 : Double.POSITIVE_INFINITY;
  }

  /**
   * Returns the distance of all numbers together from the reference's, as a share of that: of
   * gradients, of which single ones hang on whether a number is just above 0 or just below.
   */
  static double distance(double[] device, double[] reference) {
    double apart = 0;
    double all = 0;
    for (int i = 0; i < reference.length; i++) {
      apart += (device[i] - reference[i]) * (device[i] - reference[i]);
      all += reference[i] * reference[i];
    }
    return Math.sqrt(apart / Math.max(all, Double.MIN_NORMAL));
  }

  /** Returns whether all bits are equal. */
  static boolean equal(List<double[]> one, List<double[]> other) {
    if (one.size() != other.size()) {
      return false;
    }
    for (int i = 0; i < one.size(); i++) {
      if (!Arrays.equals(one.get(i), other.get(i))) {
        return false;
      }
    }
    return true;
  }
}
