package io.penstock.gpucheck;

/** The standard normal distribution. Stateless. */
final class Normal {
  /** From here on a continued fraction is quicker than a series, and nearer. */
  private static final double FAR = 5;

  private static final int TERMS = 60;

  private Normal() {}

  static double density(double x) {
    return Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI);
  }

  /** Returns the share that lies below x. */
  static double below(double x) {
    if (Math.abs(x) < FAR) {
      return 0.5 + density(x) * series(x);
    }
    double tail = density(x) / fraction(Math.abs(x));
    return x > 0 ? 1 - tail : tail;
  }

  /** x + x³/3 + x⁵/(3·5) + … */
  private static double series(double x) {
    double term = x;
    double sum = x;
    for (int i = 3; Math.abs(term) > 1e-18 * Math.abs(sum); i += 2) {
      term *= x * x / i;
      sum += term;
    }
    return sum;
  }

  /** x + 1/(x + 2/(x + 3/(x + … */
  private static double fraction(double x) {
    double below = x;
    for (int i = TERMS; i > 0; i--) {
      below = x + i / below;
    }
    return below;
  }
}
