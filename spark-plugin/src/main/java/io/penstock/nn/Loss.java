package io.penstock.nn;

import org.nd4j.linalg.api.ndarray.INDArray;

/** What a network is trained to make small. Immutable. */
public interface Loss {
  /**
   * The loss, summed over the rows: the mean over a mini-batch is then right also where its
   * micro-batches differ in size.
   */
  double score(INDArray output, INDArray labels);

  /** The gradient of {@code scale} times the score with respect to the output. */
  INDArray gradient(INDArray output, INDArray labels, double scale);

  /** What the outputs mean: class probabilities, or the values themselves. */
  INDArray prediction(INDArray output);

  /** Returns how many numbers a row's label takes. */
  int labelWidth(Shape output);

  /**
   * Checks that the loss can be had of such an output.
   *
   * @throws ShapeException if not
   */
  void checkOutput(Shape output);
}
