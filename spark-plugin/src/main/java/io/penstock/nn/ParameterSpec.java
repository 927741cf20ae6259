package io.penstock.nn;

import java.io.Serializable;
import java.util.List;

/**
 * One array that a layer learns.
 *
 * @param name its name within the layer, such as {@code weights}
 * @param shape its dimensions
 * @param init what it holds before training
 */
public record ParameterSpec(String name, List<Long> shape, Initializer init)
    implements Serializable {
  /** Copies the shape. */
  public ParameterSpec {
    shape = List.copyOf(shape);
  }

  /**
   * Whether weight decay takes it: arrays of two dimensions and more do, the weights of products
   * and convolutions; biases, norms' scales and statistics have one, and stay.
   */
  public boolean decays() {
    return shape.size() >= 2;
  }

  /** How many numbers the array holds. */
  public long size() {
    return shape.stream().reduce(1L, Math::multiplyExact);
  }
}
