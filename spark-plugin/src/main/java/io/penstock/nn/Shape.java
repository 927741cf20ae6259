package io.penstock.nn;

import java.io.Serializable;
import java.util.Arrays;
import java.util.List;

/**
 * The shape of one row, without the row dimension: {@code [784]}, or {@code [channels, height,
 * width]}.
 *
 * @param dims the dimensions, at least one, each at least 1
 */
public record Shape(List<Long> dims) implements Serializable {
  /**
   * @throws ShapeException if there is no dimension or one is below 1
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
  }

  /** The shape of these dimensions. */
  public static Shape of(long... dims) {
    return new Shape(Arrays.stream(dims).boxed().toList());
  }

  /** How many numbers a row holds: the product of the dimensions. */
  public long size() {
    return dims.stream().reduce(1L, Math::multiplyExact);
  }

  /** How many dimensions a row has. */
  public int rank() {
    return dims.size();
  }

  /** The shape of an array of that many rows: {@code [rows, dims...]}. */
  public long[] withRows(long rows) {
    long[] shape = new long[rank() + 1];
    shape[0] = rows;
    for (int i = 0; i < rank(); i++) {
      shape[i + 1] = dims.get(i);
    }
    return shape;
  }

  @Override
  public String toString() {
    return dims.toString();
  }
}
