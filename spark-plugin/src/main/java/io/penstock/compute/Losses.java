package io.penstock.compute;

import org.nd4j.linalg.api.ndarray.INDArray;

/** Losses whose arithmetic is worth a kernel. For one thread. */
public interface Losses {
  /** What outputs should be, row by row. */
  interface Targets {
    /** How many rows there are. */
    int count();

    /** The class of a row; negative for one that counts nothing. */
    int label(int row);

    /** How much a row that counts does so. */
    double weight(int row);
  }

  /**
   * The sum over rows of weight · cross-entropy of softmax with a smoothed label, in double
   * precision, and the gradient.
   *
   * @param logits {@code [..., classes]}: every vector is a row; not changed
   * @param targets one for each row
   * @param smoothing the share of the label that all classes divide
   * @param scale what gradients are multiplied by
   * @param gradient {@code [..., classes]}, overwritten; null if none is wanted
   */
  double softmaxCrossEntropy(
      INDArray logits, Targets targets, double smoothing, double scale, INDArray gradient);
}
