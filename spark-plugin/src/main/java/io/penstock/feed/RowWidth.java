package io.penstock.feed;

/**
 * How many numbers a row holds.
 *
 * @param most of any row
 * @param varies whether a row may hold fewer; then its number lies in front of it in a {@link
 *     Block}
 */
record RowWidth(int most, boolean varies) {

  /** Bytes of the widest row, without what says how wide it is. */
  int mostBytes() {
    return Math.multiplyExact(most, Float.BYTES);
  }

  /** Bytes that stand between a row's key and its numbers. */
  int countBytes() {
    return varies ? Integer.BYTES : 0;
  }
}
