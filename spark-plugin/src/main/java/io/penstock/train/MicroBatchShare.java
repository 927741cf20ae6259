package io.penstock.train;

import java.util.Objects;

/**
 * Share of a mini-batch's micro-batches: those of one replica, or of one gradient group. Shares
 * follow one another and differ by at most one micro-batch, larger first. Immutable.
 *
 * @param first the first micro-batch
 * @param count how many there are; 0 where a short mini-batch has fewer than there are shares
 */
record MicroBatchShare(int first, int count) {
  /** Returns one of the shares of so many micro-batches. */
  static MicroBatchShare of(int microBatches, int shares, int index) {
    Objects.checkIndex(index, shares);
    int size = microBatches / shares;
    int larger = microBatches % shares;
    return new MicroBatchShare(
        index * size + Math.min(index, larger), index < larger ? size + 1 : size);
  }

  /** Returns the micro-batch after the last. */
  int end() {
    return first + count;
  }
}
