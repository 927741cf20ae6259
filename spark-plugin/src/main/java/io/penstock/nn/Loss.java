package io.penstock.nn;

import io.penstock.compute.Compute;
import io.penstock.compute.Memory;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Loss: a measure of how far outputs are from labels, with its gradient. Immutable and safe to
 * share; {@link io.penstock.nn.loss.Losses} names them. The loss of a mini-batch is the sum of its
 * micro-batches' scores over the sum of their weights.
 */
public interface Loss {
  /**
   * Returns whether all of the loss's arithmetic is done by the operations that it is given: see
   * {@link Layer#computesAnywhere}. By default it is not.
   */
  default boolean computesAnywhere() {
    return false;
  }

  /** Returns the loss's name in JSON: see {@link io.penstock.nn.loss.Losses#named}. */
  String name();

  /**
   * Computes the loss summed over what counts, each row's times its sample weight.
   *
   * @param output {@code [rows, outputs]}, or {@code [rows, length, outputs]} for a sequence; not
   *     changed
   * @param labels {@code [rows, labelWidth]}; not changed
   * @param weights of the rows
   * @param compute what computes with the output
   * @throws IllegalArgumentException if the labels or the weights do not fit the output
   */
  double score(INDArray output, INDArray labels, SampleWeights weights, Compute compute);

  /**
   * Computes {@link #score(INDArray, INDArray, SampleWeights, Compute)} with a compute of its own.
   */
  default double score(INDArray output, INDArray labels, SampleWeights weights) {
    return score(output, labels, weights, Memory.FRESH.compute(output));
  }

  /** Computes the loss summed over rows that count once each, with a compute of its own. */
  default double score(INDArray output, INDArray labels) {
    return score(output, labels, SampleWeights.ONE);
  }

  /**
   * Computes the gradient of the score with respect to the output, times {@code scale}, and the
   * score.
   *
   * @param output {@code [rows, outputs]}, or {@code [rows, length, outputs]} for a sequence; not
   *     changed
   * @param labels {@code [rows, labelWidth]}; not changed
   * @param weights of the rows
   * @param scale one over the weight of the mini-batch (not of the micro-batch, which may be short)
   * @param gradient the output's shape, densely in 'c' order; receives the gradient
   * @param compute what computes with the output
   * @return the {@link #score}
   * @throws IllegalArgumentException if the labels or the weights do not fit the output
   */
  double gradient(
      INDArray output,
      INDArray labels,
      SampleWeights weights,
      double scale,
      INDArray gradient,
      Compute compute);

  /** Computes the gradient where every row counts once. */
  default double gradient(
      INDArray output, INDArray labels, double scale, INDArray gradient, Compute compute) {
    return gradient(output, labels, SampleWeights.ONE, scale, gradient, compute);
  }

  /** Computes the gradient where every row counts once, with a compute of its own. */
  default double gradient(INDArray output, INDArray labels, double scale, INDArray gradient) {
    return gradient(output, labels, scale, gradient, Memory.FRESH.compute(output));
  }

  /**
   * Computes the gradient in a new array of the output's shape, in 'c' order, where every row
   * counts once.
   */
  default INDArray gradient(INDArray output, INDArray labels, double scale) {
    return gradient(output, labels, SampleWeights.ONE, scale);
  }

  /**
   * Computes the gradient of rows with sample weights in a new array of the output's shape, in 'c'
   * order.
   */
  default INDArray gradient(INDArray output, INDArray labels, SampleWeights weights, double scale) {
    INDArray gradient = Memory.FRESH.like(output);
    gradient(output, labels, weights, scale, gradient, Memory.FRESH.compute(output));
    return gradient;
  }

  /**
   * Returns the total weight of these labels: the weights of their rows, or for a sequence a row's
   * weight for every label that is no padding, and those of the classes where the loss has such.
   *
   * @param labels {@code [rows, labelWidth]}; not changed
   * @param weights of the rows
   */
  default double weight(INDArray labels, SampleWeights weights) {
    weights.check(labels.size(0));
    return weights.sum(labels.size(0));
  }

  /** Returns the total weight of these labels where every row counts once. */
  default double weight(INDArray labels) {
    return weight(labels, SampleWeights.ONE);
  }

  /**
   * Returns whether every row counts as much as every other whatever its labels, so that nobody
   * need look at them where rows have no weights.
   *
   * @param output the shape of an output row
   */
  default boolean countsEveryRowOnce(Shape output) {
    return true;
  }

  /**
   * Computes the prediction: probabilities for classes, the output itself for numbers.
   *
   * @param output {@code [rows, outputs]}, or {@code [rows, length, outputs]}; not changed
   * @param compute what computes with the output
   * @return the same shape; it may be the output itself
   */
  INDArray prediction(INDArray output, Compute compute);

  /** Computes the prediction with a compute of its own. */
  default INDArray prediction(INDArray output) {
    return prediction(output, Memory.FRESH.compute(output));
  }

  /**
   * The metric that goes with it: the share of labels that are hit for classes (per place of a
   * sequence, and per question of yes or no), the root of the mean squared error for the squared
   * error, the mean absolute error for any other.
   */
  default Metric metric() {
    return Metric.meanAbsolute();
  }

  /**
   * Returns how many numbers the label of a row takes.
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
