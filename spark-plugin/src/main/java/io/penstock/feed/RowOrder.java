package io.penstock.feed;

import io.penstock.Internal;

/**
 * Shuffle of the rows of all epochs. Immutable.
 *
 * @param seed keys the shuffle
 * @param shuffled whether every epoch has an order of its own; otherwise all have that of the first
 */
@Internal
public record RowOrder(long seed, boolean shuffled) {
  /** Returns the order of one epoch, counted from 0, of this many rows. */
  EpochOrder of(long rows, int epoch) {
    return new EpochOrder(rows, seed, shuffled ? epoch : 0);
  }
}
