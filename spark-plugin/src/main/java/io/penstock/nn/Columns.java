package io.penstock.nn;

import io.penstock.Amount;

/**
 * Columns of an output projection that one of several layers computes, where it is split: see
 * {@link Layer#columns}. Immutable.
 *
 * @param before columns of the layers before
 * @param count columns of this layer
 * @param of columns of all
 */
public record Columns(long before, long count, long of) {
  /**
   * Checks that they are there.
   *
   * @throws ShapeException if there are no columns, or more than there are in all
   */
  public Columns {
    if (count < 1 || before < 0 || count > of - before) {
      throw new ShapeException(
          "A block of "
              + new Amount(count, "column")
              + " behind "
              + before
              + " is none of "
              + of
              + "; give it 1 column or more, and all blocks together as many as there are.");
    }
  }

  /** Returns whether none come before these. */
  public boolean first() {
    return before == 0;
  }

  /** Returns whether none come behind these. */
  public boolean last() {
    return end() == of;
  }

  /** Returns the column behind the last of these. */
  public long end() {
    return before + count;
  }
}
