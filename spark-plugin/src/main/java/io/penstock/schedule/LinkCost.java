package io.penstock.schedule;

import java.util.Locale;

/**
 * Cost of carrying a frame from one rank to another, in one direction: latency, bandwidth and the
 * time it keeps the ranks from computing. Immutable.
 *
 * @param latency time from a frame's last byte leaving a rank to its arrival on the other; 0 for
 *     free
 * @param bandwidth bytes carried per unit of time, one frame after the other; may be infinite
 * @param busy time that a frame takes from each of the two ranks, in which they compute nothing:
 *     from the one after it has sent, from the other before it uses the frame. A rank that waits
 *     for the frame spends it while it waits, as part of the latency. 0 for none
 */
public record LinkCost(double latency, double bandwidth, double busy) {
  /** A link on which everything is there at once. */
  public static final LinkCost FREE = new LinkCost(0, Double.POSITIVE_INFINITY);

  /** A link that moves frames beside all compute. */
  public LinkCost(double latency, double bandwidth) {
    this(latency, bandwidth, 0);
  }

  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException if the latency or the busy time is negative or not finite, or
   *     the bandwidth not above zero
   */
  public LinkCost {
    if (!(latency >= 0 && Double.isFinite(latency))) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "a latency of %s: it is a time, 0 or more and finite; 0 for free",
              latency));
    }
    if (!(busy >= 0 && Double.isFinite(busy))) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "a busy time of %s: it is what a frame takes from either rank, 0 or more and finite",
              busy));
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
