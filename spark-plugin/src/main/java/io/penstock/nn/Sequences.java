package io.penstock.nn;

import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Shape checks of rows that are sequences of vectors, {@code [length, width]}. Stateless. */
public final class Sequences {
  private Sequences() {}

  /** Returns the last dimension of a row. */
  public static long width(Shape row) {
    return row.dims().get(row.rank() - 1);
  }

  /** Returns a row's shape with another last dimension. */
  public static Shape withWidth(Shape row, long width) {
    return row.rank() == 1 ? Shape.of(width) : Shape.of(row.dims().get(0), width);
  }

  /**
   * Returns a row's shape if it is a sequence.
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
   * Checks that an array holds sequences of vectors of this width.
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
