package io.penstock.nn;

import java.util.List;
import java.util.stream.LongStream;

/** Counts of numbers that do not wrap around: a network may come from a file that lies. */
public final class Sizes {
  /** Numbers of one array, or of one row: a petabyte, more than any machine holds. */
  public static final long MOST = 1L << 48;

  private Sizes() {}

  /**
   * All of them multiplied.
   *
   * @throws ArithmeticException if that is more than a long holds
   */
  public static long product(long... factors) {
    return LongStream.of(factors).reduce(1, Math::multiplyExact);
  }

  /**
   * All of them added.
   *
   * @throws ArithmeticException if that is more than a long holds
   */
  public static long sum(LongStream numbers) {
    return numbers.reduce(0, Math::addExact);
  }

  /** Whether an array of these dimensions, each at least 0, has {@link #MOST} numbers at most. */
  public static boolean fit(List<Long> dims) {
    long size = 1;
    for (long dim : dims) {
      if (dim > MOST / Math.max(1, size)) {
        return false;
      }
      size *= dim;
    }
    return true;
  }
}
