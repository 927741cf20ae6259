package io.penstock.bench;

/**
 * A configuration that was stopped at its first steps.
 *
 * @param rowsPerSecond of these, at the most
 * @param leastRate rows per second that it would have had to reach
 * @param times how many times slower than the rest that is
 */
record Stopped(double rowsPerSecond, double leastRate, double times) {
  /** The rate of the rest: the middle of all other configurations. */
  double rest() {
    return leastRate * times;
  }
}
