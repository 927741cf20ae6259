package io.penstock.compute;

import org.nd4j.linalg.api.ndarray.INDArray;

/** Losses whose arithmetic is worth a kernel. For one thread. */
public interface Losses {
  /** Labels and sample weights that outputs are compared with, row by row. */
  interface Targets {
    /** Returns how many rows there are. */
    int count();

    /** Returns the class of a row, counted from 0; negative for a row that counts nothing. */
    int label(int row);

    /** Returns the weight of a row that counts. */
    double weight(int row);
  }

  /**
   * Computes the sum over rows of weight · cross-entropy of softmax with a smoothed label, in
   * double precision, and the gradient.
   *
   * @param logits {@code [..., classes]}: every vector is a row; not changed
   * @param targets one for each row
   * @param smoothing the share of the label that all classes divide
   * @param scale what gradients are multiplied by
   * @param gradient {@code [..., classes]}, overwritten; null if none is wanted
   */
  double softmaxCrossEntropy(
      INDArray logits, Targets targets, double smoothing, double scale, INDArray gradient);

  /**
   * Takes a block of the classes into the softmax of each row.
   *
   * @param logits {@code [..., columns]} of the block; overwritten with the softmax of these alone
   * @param block whose {@code after} and {@code shares} are overwritten
   */
  void takeBlock(INDArray logits, SoftmaxBlock block);

  /**
   * Computes the gradient of a block's logits, with the largest logit taken for a constant: what is
   * a function of the softmax does not depend on it.
   *
   * @param softmax what {@link #takeBlock} wrote in place of the logits; not changed
   * @param stateGradient of the state after the block, {@code [..., SoftmaxBlock.STATE]}
   * @param gradient {@code [..., columns]}; overwritten
   * @param before receives the gradient of the state before the block; null for the first block
   */
  void blockGradient(
      INDArray softmax,
      SoftmaxBlock block,
      INDArray stateGradient,
      INDArray gradient,
      INDArray before);

  /**
   * Mean of a row's outputs under the target probabilities, which smoothing spreads from the label.
   *
   * @param ofLabel the output for the label's class
   * @param mean of all outputs of the row
   */
  static double wanted(double ofLabel, double mean, double smoothing) {
    return smoothing == 0 ? ofLabel : (1 - smoothing) * ofLabel + smoothing * mean;
  }
}
