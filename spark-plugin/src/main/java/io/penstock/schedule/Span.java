package io.penstock.schedule;

import java.util.Locale;
import java.util.Objects;

/**
 * Span of an action: the time in which it ran, or is to run. Immutable.
 *
 * @param action what was done
 * @param start when its input was there and its rank began
 * @param end when it was done, in the same unit of time
 */
public record Span(Action action, double start, double end) {

  /**
   * Checks the times.
   *
   * @throws IllegalArgumentException if one is not finite, or the end comes before the start
   */
  public Span {
    Objects.requireNonNull(action, "action");
    if (!Double.isFinite(start) || !Double.isFinite(end) || end < start) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "%s from %s to %s: both are finite, and it cannot end before it starts",
              action,
              start,
              end));
    }
  }

  /** Returns how long it took. */
  public double duration() {
    return end - start;
  }
}
