package io.penstock.nn;

import java.util.List;

/**
 * One array that a layer learns.
 *
 * @param name its name within the layer, such as {@code weights}
 * @param shape its dimensions
 * @param init what it holds before training
 */
public record ParameterSpec(String name, List<Long> shape, Initializer init) {
  /** Copies the shape. */
  public ParameterSpec {
    shape = List.copyOf(shape);
  }

  /** The same by another name. */
  ParameterSpec named(String other) {
    return new ParameterSpec(other, shape, init);
  }

  /** How many numbers the array holds. */
  public long size() {
    return shape.stream().reduce(1L, Math::multiplyExact);
  }
}
