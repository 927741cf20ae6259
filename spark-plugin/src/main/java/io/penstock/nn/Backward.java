package io.penstock.nn;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Backward pass of one layer for one micro-batch, in two halves that may be called in either order,
 * or one without the other; the weight gradient may come long after the input gradient has gone to
 * another stage. Neither changes its inputs. For one thread at a time. {@link Layer} says which
 * arrays may be kept, returned and read later.
 */
public interface Backward {
  /**
   * Computes the gradient of the loss with respect to the layer's input.
   *
   * @param outputGradient {@code [rows, dims...]}, the shape of the output; in any memory order
   * @return the shape of the input; it may be the output gradient itself, or anything that the
   *     weight gradient reads
   */
  INDArray inputGradient(INDArray outputGradient);

  /**
   * Adds the gradient of the loss with respect to the layer's weights, and to the places of its
   * statistics what {@link Layer#updateStatistics} makes new ones of. Once for a micro-batch.
   *
   * @param outputGradient {@code [rows, dims...]}, the shape of the output; in any memory order
   * @param gradients arrays of the layer's parameters; this micro-batch's are added to them
   */
  void weightGradient(INDArray outputGradient, Parameters gradients);
}
