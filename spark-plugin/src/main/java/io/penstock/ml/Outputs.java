package io.penstock.ml;

import java.util.OptionalDouble;

/**
 * Outputs of a network for a block of rows.
 *
 * @param numbers row after row, position after position
 * @param positions of a row: the length of the block's sequences, else 1
 * @param width numbers of a position
 * @param overflown the network's raw outputs, which lie as the numbers do, if any number inside of
 *     the network or of these is NaN or infinite; null if all are finite
 */
record Outputs(float[] numbers, int positions, int width, float[] overflown) {
  /** The numbers of one position of a row. */
  double[] at(int row, int position) {
    int from = (row * positions + position) * width;
    double[] own = new double[width];
    for (int i = 0; i < width; i++) {
      own[i] = numbers[from + i];
    }
    return own;
  }

  /**
   * The first of a row's raw outputs that is NaN or infinite.
   *
   * @param own the row's positions, from the first; those behind them are padding
   * @return empty if all are finite
   */
  OptionalDouble notFinite(int row, int own) {
    if (overflown == null) {
      return OptionalDouble.empty();
    }
    int from = row * positions * width;
    for (int at = from; at < from + own * width; at++) {
      if (!Float.isFinite(overflown[at])) {
        return OptionalDouble.of(overflown[at]);
      }
    }
    return OptionalDouble.empty();
  }
}
