package io.penstock.nn;

import io.penstock.nn.onednn.Kernels;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * How far outputs are from labels. Immutable and safe to share; {@link Losses} names them. The loss
 * of a mini-batch is the sum of its micro-batches' scores over the sum of their weights.
 */
public interface Loss {
  /** Its name in JSON: see {@link Losses#named}. */
  String name();

  /**
   * The loss summed over what counts.
   *
   * @param output {@code [rows, outputs]}, or {@code [rows, length, outputs]} for a sequence; not
   *     changed
   * @param labels {@code [rows, labelWidth]}; not changed
   * @throws IllegalArgumentException if the labels do not fit the output
   */
  double score(INDArray output, INDArray labels);

  /**
   * The gradient of the score with respect to the output, times {@code scale}, and the score.
   *
   * @param output {@code [rows, outputs]}, or {@code [rows, length, outputs]} for a sequence; not
   *     changed
   * @param labels {@code [rows, labelWidth]}; not changed
   * @param scale one over the weight of the mini-batch (not of the micro-batch, which may be short)
   * @param gradient the output's shape, densely in 'c' order; receives the gradient
   * @return the {@link #score}
   * @throws IllegalArgumentException if the labels do not fit the output
   */
  double gradient(INDArray output, INDArray labels, double scale, INDArray gradient);

  /** The same, with kernels that may have been compiled before. */
  default double gradient(
      INDArray output, INDArray labels, double scale, INDArray gradient, Kernels kernels) {
    return gradient(output, labels, scale, gradient);
  }

  /** The same gradient in a new array of the output's shape. */
  default INDArray gradient(INDArray output, INDArray labels, double scale) {
    INDArray gradient = Memory.FRESH.like(output);
    gradient(output, labels, scale, gradient);
    return gradient;
  }

  /**
   * How much these labels count: their rows, or for a sequence the labels that are no padding.
   *
   * @param labels {@code [rows, labelWidth]}; not changed
   */
  default double weight(INDArray labels) {
    return labels.size(0);
  }

  /**
   * Whether every row counts once whatever its labels, so that nobody need look at them.
   *
   * @param output the shape of an output row
   */
  default boolean weighsRows(Shape output) {
    return true;
  }

  /**
   * What the model says: probabilities for classes, the output itself for numbers.
   *
   * @param output {@code [rows, outputs]}, or {@code [rows, length, outputs]}; not changed
   * @return the same shape; it may be the output itself
   */
  INDArray prediction(INDArray output);

  /**
   * How many numbers the label of a row takes.
   *
   * @param output the shape of an output row
   */
  int labelWidth(Shape output);

  /**
   * @param output the shape of an output row
   * @throws ShapeException if the loss cannot take such rows; the message says what to do
   */
  void checkOutput(Shape output);
}
