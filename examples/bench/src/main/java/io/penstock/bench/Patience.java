package io.penstock.bench;

import java.util.Collection;
import java.util.Optional;

/**
 * With how slow a configuration the run puts up.
 *
 * @param leastRate rows per second; what is slower in its first steps is stopped
 * @param mostMillis for the first two steps, once all ranks are ready: how long at the most
 */
record Patience(double leastRate, long mostMillis) {
  /** Compiling and the first touch of memory, on a machine that has other things to do. */
  private static final long STARTING_MILLIS = 10_000;

  private static final int STEPS = 2;

  /** None at all: the first steps are looked at, and that is it. */
  static final Patience FOR_A_LOOK = new Patience(Double.POSITIVE_INFINITY, Long.MAX_VALUE);

  /**
   * Enough for what is not so many times slower than the middle of the rest.
   *
   * @param rest rows per second of the other configurations
   * @param times how many times slower is too slow
   * @param rowsOfStep of a mini-batch
   * @return empty if there is no rest to hold it to
   */
  static Optional<Patience> with(Collection<Double> rest, double times, int rowsOfStep) {
    if (rest.isEmpty()) {
      return Optional.empty();
    }
    double least = Median.of(rest, Double::doubleValue) / times;
    long steps = (long) (1e3 * STEPS * rowsOfStep / least);
    return Optional.of(new Patience(least, Math.max(STARTING_MILLIS, steps)));
  }
}
