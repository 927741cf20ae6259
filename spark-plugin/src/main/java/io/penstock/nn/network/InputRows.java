package io.penstock.nn.network;

import io.penstock.array.NativeArrays;
import io.penstock.nn.Shape;
import io.penstock.nn.ShapeException;
import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Input rows of a network, brought into its shape. Immutable.
 *
 * @param shape of one
 */
record InputRows(Shape shape) {
  /** Gives rows this shape: see {@link Sequential#shaped}. */
  INDArray shaped(INDArray input) {
    if (shape.isOf(input)) {
      return input;
    }
    if (input.rank() == 2 && input.size(1) == shape.size()) {
      return NativeArrays.ordered(input, 'c').reshape('c', shape.withRows(input.size(0)));
    }
    if (input.rank() == 2 && shape.rank() == 1 && input.size(1) < shape.size()) {
      return input;
    }
    throw new ShapeException(
        "The network takes rows of shape "
            + shape
            + " but the input has shape "
            + Arrays.toString(input.shape())
            + "; its first dimension is the rows, the others must be the same.");
  }
}
