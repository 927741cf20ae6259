package io.penstock.schedule;

import java.util.Locale;

/**
 * What it takes to carry a frame from one rank to another, in one direction.
 *
 * @param latency time from a frame's last byte leaving a rank to its arrival on the other; 0 for
 *     free
 * @param bandwidth bytes carried per unit of time, one frame after the other; may be infinite
 */
public record LinkCost(double latency, double bandwidth) {
  /** A link on which everything is there at once. */
  static final LinkCost FREE = new LinkCost(0, Double.POSITIVE_INFINITY);

  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException if the latency is negative or not finite, or the bandwidth not
   *     above zero
   */
  public LinkCost {
    if (!(latency >= 0 && Double.isFinite(latency))) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "a latency of %s: it is a time, 0 or more and finite; 0 for free",
              latency));
    }
    if (!(bandwidth > 0)) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "a bandwidth of %s: nothing would arrive; it is above 0, and infinite for free",
              bandwidth));
    }
  }
}
