package io.penstock.nn;

import java.util.List;
import java.util.stream.LongStream;

/**
 * Arithmetic of sizes that does not overflow: a network may come from a file that lies. Stateless.
 */
public final class Sizes {
  /** The most numbers of one array, or of one row: a petabyte, more than any machine holds. */
  public static final long MOST = 1L << 48;

  private Sizes() {}

  /**
   * Multiplies all factors.
   *
   * @throws ArithmeticException if that is more than a long holds
   */
  public static long product(long... factors) {
    return LongStream.of(factors).reduce(1, Math::multiplyExact);
  }

  /**
   * Adds all numbers.
   *
   * @throws ArithmeticException if that is more than a long holds
   */
  public static long sum(LongStream numbers) {
    return numbers.reduce(0, Math::addExact);
  }

  /**
   * Returns whether an array of these dimensions, each at least 0, has {@link #MOST} numbers at
   * most.
   */
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
