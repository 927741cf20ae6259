package io.penstock.nn;

import java.io.Serializable;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Specification of one array of a layer: weights, which it learns, or statistics, which it gathers
 * from the rows that pass through. Immutable.
 *
 * @param name its name within the layer, such as {@code weights}
 * @param shape its dimensions
 * @param init what it holds before training
 * @param trained whether it has a gradient; if not, it is statistics, which no updater touches: see
 *     {@link Layer#updateStatistics}
 */
public record ParameterSpec(String name, List<Long> shape, Initializer init, boolean trained)
    implements Serializable {
  /**
   * Copies the shape.
   *
   * @throws ShapeException if that is more numbers than any memory holds
   */
  public ParameterSpec {
    shape = List.copyOf(shape);
    if (!Sizes.fit(shape)) {
      throw new ShapeException(
          "The parameter '"
              + name
              + "' of shape "
              + shape
              + " holds more numbers than any memory; give "
              + Sizes.MOST
              + " or fewer.");
    }
  }

  /** The specification of weights. */
  public ParameterSpec(String name, List<Long> shape, Initializer init) {
    this(name, shape, init, true);
  }

  /** The specification of statistics. */
  public static ParameterSpec statistics(String name, List<Long> shape, Initializer init) {
    return new ParameterSpec(name, shape, init, false);
  }

  /**
   * Returns whether weight decay takes the array: arrays of two dimensions and more do, the weights
   * of products and convolutions; biases, norms' scales and statistics have one, and stay.
   */
  public boolean decays() {
    return trained && shape.size() >= 2;
  }

  /** Returns this specification under another name. */
  public ParameterSpec named(String other) {
    return new ParameterSpec(other, shape, init, trained);
  }

  /** Returns how many numbers the array holds. */
  public long size() {
    return shape.stream().reduce(1L, Math::multiplyExact);
  }

  /** Returns the array within a flat buffer, live, in 'f' order, its first number at an offset. */
  INDArray view(INDArray flat, long offset) {
    long[] dimensions = shape.stream().mapToLong(Long::longValue).toArray();
    long[] strides = new long[dimensions.length];
    long step = 1;
    for (int i = 0; i < dimensions.length; i++) {
      strides[i] = step;
      step *= dimensions[i];
    }
    return Nd4j.create(flat.data(), dimensions, strides, offset, 'f');
  }
}
