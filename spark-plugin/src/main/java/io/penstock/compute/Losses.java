package io.penstock.compute;

import org.nd4j.linalg.api.ndarray.INDArray;

/** Losses whose arithmetic is worth a kernel. For one thread. */
public interface Losses {
  /**
   * The sum over rows of weight · cross-entropy of softmax with a smoothed label, in double
   * precision, and the gradient.
   *
   * @param logits {@code [rows, classes]}; not changed
   * @param labels the class of each row; negative for a row that counts nothing
   * @param weights of each row
   * @param smoothing the share of the label that all classes divide
   * @param scale what gradients are multiplied by
   * @param gradient {@code [rows, classes]}, overwritten; null if none is wanted
   */
  double softmaxCrossEntropy(
      INDArray logits,
      int[] labels,
      double[] weights,
      double smoothing,
      double scale,
      INDArray gradient);
}
