package io.penstock.nn.loss;

import io.penstock.array.NativeArrays;
import io.penstock.array.Numbers;
import io.penstock.compute.Compute;
import io.penstock.nn.Loss;
import io.penstock.nn.SampleWeights;
import io.penstock.nn.Shape;
import io.penstock.nn.ShapeException;
import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Regression loss, which compares every output with a number of its own: the mean over a row's
 * outputs.
 */
interface NumberLoss extends Loss {
  /** Returns how an output is compared with its label. */
  io.penstock.compute.Losses.Difference difference();

  /** Returns the parameter of the {@link #difference}, of no meaning where it has none. */
  default double parameter() {
    return 0;
  }

  @Override
  default boolean computesAnywhere() {
    return true;
  }

  /** Throws IllegalArgumentException if there can be no such label. */
  default void checkLabel(double label, long row) {}

  @Override
  default double score(INDArray output, INDArray labels, SampleWeights weights, Compute compute) {
    return run(output, labels, weights, 0, null, compute);
  }

  @Override
  default double gradient(
      INDArray output,
      INDArray labels,
      SampleWeights weights,
      double scale,
      INDArray gradient,
      Compute compute) {
    return run(output, labels, weights, scale, gradient, compute);
  }

  private double run(
      INDArray output,
      INDArray labels,
      SampleWeights weights,
      double scale,
      INDArray gradient,
      Compute compute) {
    if (!Arrays.equals(output.shape(), labels.shape())) {
      throw new ShapeException(
          name()
              + " takes labels of the output's shape "
              + Arrays.toString(output.shape())
              + ", one number for each output, but these have shape "
              + Arrays.toString(labels.shape())
              + ".");
    }
    weights.check(output.size(0));
    Wanted wanted = new Wanted(Numbers.of(labels), weights);
    long width = output.size(1);
    for (long place = 0; place < labels.length(); place++) {
      checkLabel(wanted.label(place), place / width);
    }
    return compute
        .losses()
        .numbers(
            difference(), parameter(), NativeArrays.ordered(output, 'c'), wanted, scale, gradient);
  }

  /** Labels and weights that a micro-batch's outputs are compared with. */
  record Wanted(Numbers labels, SampleWeights weights)
      implements io.penstock.compute.Losses.WantedNumbers {
    @Override
    public double label(long place) {
      return labels.get(place);
    }

    @Override
    public double weight(long row) {
      return weights.at(row);
    }
  }

  @Override
  default INDArray prediction(INDArray output, Compute compute) {
    return output;
  }

  @Override
  default int labelWidth(Shape output) {
    return Math.toIntExact(output.size());
  }

  @Override
  default void checkOutput(Shape output) {
    if (output.rank() != 1) {
      throw new ShapeException(
          name()
              + " needs output rows of one dimension, but these have shape "
              + output
              + "; end the network with a flatten layer.");
    }
  }
}
