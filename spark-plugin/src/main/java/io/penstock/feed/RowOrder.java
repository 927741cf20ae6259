package io.penstock.feed;

import io.penstock.Internal;

/**
 * The order of the rows of all epochs. Immutable.
 *
 * @param seed keys the shuffle
 * @param shuffled whether every epoch has an order of its own; otherwise all have that of the first
 */
@Internal
public record RowOrder(long seed, boolean shuffled) {
  /** The order of one epoch of so many rows, counted from 0. */
  EpochOrder of(long rows, int epoch) {
    return new EpochOrder(rows, seed, shuffled ? epoch : 0);
  }
}
