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

  /** How an output is compared with the number that is wanted of it. */
  enum Difference {
    /** The square of the difference. */
    SQUARED,

    /** The size of the difference; its slope where the two are equal is taken to be 0. */
    ABSOLUTE,

    /** Half the square of the difference up to a size, and a line from there on. */
    HUBER,

    /** Cross-entropy of the output's sigmoid and the probability that is wanted. */
    SIGMOID
  }

  /** Numbers that outputs are compared with, one each, and sample weights of the rows. */
  interface WantedNumbers {
    /** Returns what is wanted of the output at this place, counted row by row. */
    double label(long place);

    /** Returns the weight of a row. */
    double weight(long row);
  }

  /**
   * Computes the sum over rows of weight · the mean over a row's outputs of their differences, in
   * double precision, and the gradient.
   *
   * @param parameter the size from which on {@link Difference#HUBER} is a line; else of no meaning
   * @param outputs {@code [rows, width]}; not changed
   * @param scale what gradients are multiplied by
   * @param gradient {@code [rows, width]}, overwritten; null if none is wanted
   */
  double numbers(
      Difference difference,
      double parameter,
      INDArray outputs,
      WantedNumbers wanted,
      double scale,
      INDArray gradient);

  /**
   * Computes what {@link #softmaxCrossEntropy} does, of the states that a softmax's last block
   * left.
   *
   * @param states {@code [..., SoftmaxBlock.STATE]}: every vector is a row; not changed
   * @param classes of all blocks
   * @param gradient of the states, overwritten; null if none is wanted
   */
  double blockCrossEntropy(
      INDArray states,
      Targets targets,
      int classes,
      double smoothing,
      double scale,
      INDArray gradient);

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
