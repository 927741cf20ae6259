package io.penstock.gpucheck;

/** The standard normal distribution. Stateless. */
final class Normal {
  /** Steps of Simpson's rule from 0, of which the error stays below 1e-12. */
  private static final int STEPS = 2000;

  /** From here on all is 0 or 1 to the last bit of a float. */
  private static final double FAR = 9;

  private Normal() {}

  static double density(double x) {
    return Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI);
  }

  /** Returns the share that lies below x: an integral, by Simpson's rule. */
  static double below(double x) {
    if (Double.isNaN(x)) {
      return x;
    }
    if (Math.abs(x) > FAR) {
      return x > 0 ? 1 : 0;
    }
    // Of the tail, so that small shares are as near as large ones.
    double from = Math.abs(x);
    double step = FAR / STEPS;
    double sum = density(from) + density(from + FAR);
    for (int i = 1; i < STEPS; i++) {
      sum += (i % 2 == 0 ? 2 : 4) * density(from + i * step);
    }
    double tail = sum * step / 3;
    return x > 0 ? 1 - tail : tail;
  }
}
