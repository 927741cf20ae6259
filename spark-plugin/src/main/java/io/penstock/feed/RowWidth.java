package io.penstock.feed;

import io.penstock.Amount;

/**
 * Width of a row, in numbers. Immutable.
 *
 * @param most of any row
 * @param varies whether a row may hold fewer; then its number lies in front of it in a {@link
 *     RowBlock}
 */
record RowWidth(int most, boolean varies) {
  /**
   * The most numbers of a row, which are 1 GiB. Rows are kept dense, in arrays of Java's that hold
   * twice as much at most.
   */
  static final int LIMIT = 1 << 28;

  /**
   * Checks that rows of so many features can be kept.
   *
   * @throws IllegalArgumentException if they cannot
   */
  static void check(int width) {
    if (width > LIMIT) {
      throw new IllegalArgumentException(
          "the rows are "
              + new Amount(width, "feature")
              + " wide; sparse ones too are made dense, and a row may hold "
              + new Amount(LIMIT, "number")
              + " (1 GiB) at most. Make them fewer first (FeatureHasher, HashingTF,"
              + " VectorSlicer, UnivariateFeatureSelector), or give the ids of those that are set"
              + " to an embedding.");
    }
  }

  /** Returns the bytes of the widest row, without those that say how wide it is. */
  int mostBytes() {
    return Math.multiplyExact(most, Float.BYTES);
  }

  /** Returns the bytes that stand between a row's key and its numbers. */
  int countBytes() {
    return varies ? Integer.BYTES : 0;
  }
}
