package io.penstock.nn;

import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Rows that are sequences of vectors: {@code [length, width]}. */
public final class Sequences {
  private Sequences() {}

  /** The last dimension of a row. */
  public static long width(Shape row) {
    return row.dims().get(row.rank() - 1);
  }

  /** Rows of this shape but for the last dimension. */
  public static Shape withWidth(Shape row, long width) {
    return row.rank() == 1 ? Shape.of(width) : Shape.of(row.dims().get(0), width);
  }

  /**
   * A row's shape if it is a sequence.
   *
   * @throws ShapeException if it is not; the message begins with the layer
   */
  public static Shape checked(String layer, Shape row) {
    if (row.rank() != 2) {
      throw new ShapeException(
          layer
              + " takes sequences, rows of shape [length, width], but these have shape "
              + row
              + "; an embedding makes sequences of token ids.");
    }
    return row;
  }

  /**
   * An array of sequences of vectors of this width.
   *
   * @throws ShapeException if it is not; the message begins with the layer
   */
  public static void check(String layer, INDArray input, long width) {
    if (input.rank() != 3 || input.size(2) != width) {
      throw new ShapeException(
          layer
              + " with weights for vectors of "
              + width
              + " got an input of shape "
              + Arrays.toString(input.shape())
              + "; give it [rows, length, "
              + width
              + "].");
    }
  }
}
