package io.penstock.nn;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The shape of one row of an activation, without the dimension of the rows. Immutable.
 *
 * @param dims sizes, each at least 1
 */
public record Shape(List<Long> dims) {

  /**
   * @throws ShapeException if there is no dimension or one is below 1
   */
  public Shape {
    dims = List.copyOf(dims);
    if (dims.isEmpty() || dims.stream().anyMatch(dim -> dim < 1)) {
      throw new ShapeException("A shape needs sizes of at least 1, not " + dims + ".");
    }
  }

  /** A shape by its sizes. */
  public static Shape of(long... dims) {
    List<Long> list = new ArrayList<>();
    for (long dim : dims) {
      list.add(dim);
    }
    return new Shape(list);
  }

  /** Returns how many numbers one row holds. */
  public long size() {
    return dims.stream().reduce(1L, Math::multiplyExact);
  }

  /** Returns the number of dimensions. */
  public int rank() {
    return dims.size();
  }

  /** Returns the shape of an array of that many rows. */
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
    return dims.stream().map(String::valueOf).collect(Collectors.joining("x", "[", "]"));
  }
}
