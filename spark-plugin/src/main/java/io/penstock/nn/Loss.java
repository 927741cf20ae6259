package io.penstock.nn;

import org.nd4j.linalg.api.ndarray.INDArray;

/** How far outputs are from labels. Immutable and safe to share; {@link Losses} names them. */
public interface Loss {
  /** Its name in JSON: see {@link Losses#named}. */
  String name();

  /**
   * The loss summed over rows.
   *
   * @param output {@code [rows, outputs]}; not changed
   * @param labels {@code [rows, labelWidth]}; not changed
   * @throws IllegalArgumentException if the labels do not fit the output
   */
  double score(INDArray output, INDArray labels);

  /**
   * The gradient of the score with respect to the output, times {@code scale}, and the score.
   *
   * @param output {@code [rows, outputs]}; not changed
   * @param labels {@code [rows, labelWidth]}; not changed
   * @param scale one over the rows of the mini-batch (not of the micro-batch, which may be short)
   * @param gradient {@code [rows, outputs]}; receives the gradient
   * @return the {@link #score}
   * @throws IllegalArgumentException if the labels do not fit the output
   */
  double gradient(INDArray output, INDArray labels, double scale, INDArray gradient);

  /** The same gradient in a new array, {@code [rows, outputs]}. */
  default INDArray gradient(INDArray output, INDArray labels, double scale) {
    INDArray gradient = Memory.FRESH.like(output);
    gradient(output, labels, scale, gradient);
    return gradient;
  }

  /**
   * What the model says: probabilities for classes, the output itself for numbers.
   *
   * @param output {@code [rows, outputs]}; not changed
   * @return {@code [rows, outputs]}; it may be the output itself
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
