package io.penstock.nn;

import java.util.List;

/**
 * One parameter of a layer.
 *
 * @param name unique in the layer
 * @param shape sizes; two of them for a matrix of inputs × outputs
 * @param init how it is born
 */
public record ParameterSpec(String name, List<Long> shape, Initializer init) {
  public ParameterSpec {
    shape = List.copyOf(shape);
  }

  /** Returns how many numbers it holds. */
  public long size() {
    return shape.stream().reduce(1L, Math::multiplyExact);
  }

  long fanIn() {
    return shape.get(0);
  }

  long fanOut() {
    return shape.get(shape.size() - 1);
  }

  long[] dims() {
    return shape.stream().mapToLong(Long::longValue).toArray();
  }
}
