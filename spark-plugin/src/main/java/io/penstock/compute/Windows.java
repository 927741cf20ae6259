package io.penstock.compute;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Convolution and pooling of pictures {@code [rows, channels, height, width]}. How many numbers
 * there are follows from the geometry alone, so that a sequence {@code [rows, channels, length]} is
 * taken as it is for a picture of height 1. What is overwritten or added to shares no memory with
 * what is read. For one thread.
 */
public interface Windows {
  /**
   * Computes a convolution, which does not turn its filter round.
   *
   * @param geometry input, kernel, stride and padding
   * @param input {@code [rows, channels, height, width]}
   * @param weights the layer's
   * @param name of the filter {@code [outputs, channels, height, width]} of the window, or {@code
   *     [outputs, channels, length]}, in 'f' order
   * @param bias {@code [outputs]}; null for none
   * @param output {@code [rows, outputs, places down, places across]}; overwritten
   */
  void convolution(
      Geometry geometry,
      INDArray input,
      Weights weights,
      String name,
      INDArray bias,
      INDArray output);

  /**
   * Computes the gradient of {@link #convolution} with respect to the input.
   *
   * @param bias whether the convolution has one
   * @param inputGradient overwritten
   */
  void convolutionInputGradient(
      Geometry geometry,
      INDArray outputGradient,
      Weights weights,
      String name,
      boolean bias,
      INDArray inputGradient);

  /**
   * Adds the gradients of {@link #convolution} with respect to the filter and the bias.
   *
   * @param filter as the weights lie
   * @param bias {@code [outputs]}; null for none
   */
  void convolutionWeightGradient(
      Geometry geometry, INDArray input, INDArray outputGradient, INDArray filter, INDArray bias);

  /**
   * Computes max or average pooling: the largest number under the window, or the mean of those that
   * are no padding, at every place.
   *
   * @param largest whether it is the largest; otherwise the mean
   * @param kept {@code [}{@link #poolingKeeps}{@code ]}, for the backward; null if that is 0
   * @param output {@code [rows, channels, places down, places across]}; overwritten
   */
  void pooling(Geometry geometry, boolean largest, INDArray input, INDArray kept, INDArray output);

  /** Returns how many numbers {@link #pooling} keeps for its backward beside its input. */
  long poolingKeeps(Geometry geometry, boolean largest);

  /**
   * Computes the gradient of {@link #pooling}: the largest number gets all, or each its share.
   *
   * @param kept what the forward left there
   * @param inputGradient overwritten
   */
  void poolingGradient(
      Geometry geometry,
      boolean largest,
      INDArray input,
      INDArray kept,
      INDArray outputGradient,
      INDArray inputGradient);
}
