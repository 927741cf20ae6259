package io.penstock.ml;

/**
 * What a network says of a block of rows.
 *
 * @param numbers row after row, place after place
 * @param places of a row: the length of the block's sequences, else 1
 * @param width numbers of a place
 */
record Outputs(float[] numbers, int places, int width) {
  /** The numbers of one place of a row. */
  double[] at(int row, int place) {
    int from = (row * places + place) * width;
    double[] own = new double[width];
    for (int i = 0; i < width; i++) {
      own[i] = numbers[from + i];
    }
    return own;
  }
}
