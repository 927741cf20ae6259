package io.penstock.nn;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Metric of validation rows, which is told beside the loss: accuracy, RMSE or MAE. It is a mean
 * over what counts, or the square root of one. Sums are taken in double precision and in the order
 * of the rows. Immutable.
 */
public sealed interface Metric permits Accuracy, MeanError, NamedClass {
  /** Returns the metric's name, as the summary tells it: accuracy, rmse or mae. */
  String name();

  /**
   * Sums what is averaged, each row's times its sample weight.
   *
   * @param output {@code [rows, outputs]}, or {@code [rows, length, outputs]}; not changed
   * @param labels {@code [rows, labelWidth]} as the loss takes them; not changed
   * @param weights of the rows
   */
  double sum(INDArray output, INDArray labels, SampleWeights weights);

  /**
   * Counts the terms of the mean: rows, places of sequences that are no padding, or numbers, each
   * as often as its row's weight says.
   */
  double count(INDArray labels, SampleWeights weights);

  /** Returns the metric of a sum over this many terms; NaN of none. */
  default double value(double sum, double count) {
    return count == 0 ? Double.NaN : sum / count;
  }

  /** Accuracy: the share of rows, or of places of sequences, whose class has the largest output. */
  static Metric classesHit() {
    return new Accuracy(true);
  }

  /**
   * Accuracy where an output row names the class that it predicts.
   *
   * @param place of that class's number in an output row
   */
  static Metric namedHit(int place) {
    return new NamedClass(place);
  }

  /** Accuracy of several yes-or-no questions: the share that is answered right. */
  static Metric answersHit() {
    return new Accuracy(false);
  }

  /** The root of the mean squared error. */
  static Metric rootMeanSquare() {
    return new MeanError(true);
  }

  /** The mean absolute error. */
  static Metric meanAbsolute() {
    return new MeanError(false);
  }
}
