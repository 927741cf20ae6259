package io.penstock.balance;

import java.util.Locale;

/**
 * Cost of a skip connection for one micro-batch: what is kept of it where it ends on another stage
 * than it begins. Immutable.
 *
 * @param from the layer behind which it is saved
 * @param to the layer that adds it, behind that one
 * @param bytes of what is saved
 */
public record SkipCost(int from, int to, long bytes) {

  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException if it does not end behind its beginning, or the bytes are
   *     below 0
   */
  public SkipCost {
    if (to <= from || bytes < 0) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "a skip connection of %d bytes from layer %d to layer %d; it ends behind the layer it"
                  + " begins with, and takes 0 bytes or more",
              bytes,
              from,
              to));
    }
  }

  /** Returns the cost of so many times as many bytes. */
  SkipCost withFactor(double times) {
    return new SkipCost(from, to, Math.round(times * bytes));
  }
}
