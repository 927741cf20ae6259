package io.penstock.train;

import io.penstock.schedule.Action;
import io.penstock.schedule.Span;
import java.io.Serializable;

/**
 * Times of an action that ran: when its rank turned to it, began it and was done. Immutable.
 *
 * @param action its text form, such as {@code 2F0}
 * @param readyNanos when the rank turned to it
 * @param startNanos when its input was there and work began
 * @param endNanos when it was done; all three in nanoseconds of the wall clock since 1970, so that
 *     ranks of one machine can be laid side by side
 */
public record ActionTime(String action, long readyNanos, long startNanos, long endNanos)
    implements Serializable {

  /** Returns the action itself. */
  public Action parsed() {
    return Action.parse(action);
  }

  /** Returns the time it worked, in milliseconds from a given moment of the same clock. */
  public Span since(long originNanos) {
    return new Span(parsed(), (startNanos - originNanos) / 1e6, (endNanos - originNanos) / 1e6);
  }
}
