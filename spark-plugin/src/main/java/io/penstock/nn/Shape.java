package io.penstock.nn;

import io.penstock.Amount;
import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Shape of one row, without the row dimension: {@code [784]}, or {@code [channels, height, width]}.
 * Immutable.
 *
 * @param dims the dimensions, 1 to 31 of them, each at least 1
 */
public record Shape(List<Long> dims) implements Serializable {
  /** Dimensions at most: ND4J's arrays have up to 32, of which the rows are one. */
  private static final int MOST_DIMENSIONS = 31;

  /**
   * @throws ShapeException if there is no dimension, one is below 1, or there are more dimensions
   *     or numbers than arrays can have
   */
  public Shape {
    dims = List.copyOf(dims);
    if (dims.isEmpty()) {
      throw new ShapeException("A row has no dimensions; give at least one, such as 784.");
    }
    if (dims.stream().anyMatch(d -> d < 1)) {
      throw new ShapeException(
          "A row of shape " + dims + " holds nothing; every dimension must be 1 or more.");
    }
    if (dims.size() > MOST_DIMENSIONS) {
      throw new ShapeException(
          "A row of "
              + new Amount(dims.size(), "dimension")
              + " is more than arrays have; give "
              + MOST_DIMENSIONS
              + " or fewer.");
    }
    if (!Sizes.fit(dims)) {
      throw new ShapeException(
          "A row of shape "
              + dims
              + " holds more numbers than any memory; give "
              + Sizes.MOST
              + " or fewer.");
    }
  }

  /** The shape of these dimensions. */
  public static Shape of(long... dims) {
    return new Shape(Arrays.stream(dims).boxed().toList());
  }

  /** Returns how many numbers a row holds: the product of the dimensions. */
  public long size() {
    return dims.stream().reduce(1L, Math::multiplyExact);
  }

  /** Returns how many dimensions a row has. */
  public int rank() {
    return dims.size();
  }

  /** Returns the shape of an array of that many rows: {@code [rows, dims...]}. */
  public long[] withRows(long rows) {
    long[] shape = new long[rank() + 1];
    shape[0] = rows;
    for (int i = 0; i < rank(); i++) {
      shape[i + 1] = dims.get(i);
    }
    return shape;
  }

  /** Returns whether the rows of an array are of this shape. */
  public boolean isOf(INDArray rows) {
    boolean same = rows.rank() == rank() + 1;
    for (int i = 0; same && i < rank(); i++) {
      same = rows.size(i + 1) == dims.get(i);
    }
    return same;
  }

  @Override
  public String toString() {
    return dims.toString();
  }
}
