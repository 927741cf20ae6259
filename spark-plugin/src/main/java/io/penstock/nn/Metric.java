package io.penstock.nn;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * How good outputs are, in a number that people know: what is told of validation rows beside the
 * loss. It is a mean over what counts, or the square root of one. Sums are taken in double
 * precision and in the order of the rows. Immutable.
 */
public sealed interface Metric permits Accuracy, RootMeanSquare, MeanAbsolute {
  /** Its name, as the summary tells it: accuracy, rmse or mae. */
  String name();

  /**
   * The sum of what is averaged, each row's as often as its weight says.
   *
   * @param output {@code [rows, outputs]}, or {@code [rows, length, outputs]}; not changed
   * @param labels {@code [rows, labelWidth]} as the loss takes them; not changed
   * @param weights of the rows
   */
  double sum(INDArray output, INDArray labels, RowWeights weights);

  /**
   * How many such terms these labels have: rows, places of sequences that are no padding, or
   * numbers, each as often as its row's weight says.
   */
  double count(INDArray labels, RowWeights weights);

  /** The metric of a sum over so many terms; NaN of none. */
  default double value(double sum, double count) {
    return count == 0 ? Double.NaN : sum / count;
  }

  /**
   * The metric that goes with a loss: the share of labels that are hit for classes (per place of a
   * sequence, and per question of yes or no), the root of the mean squared error for the squared
   * error, the mean absolute error for any other.
   */
  static Metric of(Loss loss) {
    if (loss instanceof SoftmaxCrossEntropy) {
      return new Accuracy(true);
    }
    if (loss instanceof SigmoidCrossEntropy) {
      return new Accuracy(false);
    }
    return loss instanceof SquaredError ? new RootMeanSquare() : new MeanAbsolute();
  }
}
