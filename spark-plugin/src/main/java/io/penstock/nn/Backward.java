package io.penstock.nn;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The two halves of a layer's backward for one micro-batch. Either may be called first; neither
 * changes its arguments, but for the gradients that the second adds to.
 */
public interface Backward {
  /** The gradient of the layer's input, given that of its output. */
  INDArray inputGradient(INDArray outputGradient);

  /** Adds the gradient of the layer's parameters; does nothing for a layer without any. */
  default void weightGradient(INDArray outputGradient, Parameters gradients) {}
}
