package io.penstock.nn.loss;

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
  /** Returns the loss of one output. */
  double loss(double output, double label);

  /** Returns the derivative of {@link #loss} with respect to the output. */
  double slope(double output, double label);

  /** Throws IllegalArgumentException if there can be no such label. */
  default void checkLabel(double label, long row) {}

  @Override
  default double score(INDArray output, INDArray labels, SampleWeights weights, Compute compute) {
    return run(output, labels, weights, 0, null);
  }

  @Override
  default double gradient(
      INDArray output,
      INDArray labels,
      SampleWeights weights,
      double scale,
      INDArray gradient,
      Compute compute) {
    return run(output, labels, weights, scale, Numbers.into(gradient));
  }

  private double run(
      INDArray output, INDArray labels, SampleWeights weights, double scale, Numbers gradient) {
    if (!Arrays.equals(output.shape(), labels.shape())) {
      throw new ShapeException(
          name()
              + " takes labels of the output's shape "
              + Arrays.toString(output.shape())
              + ", one number for each output, but these have shape "
              + Arrays.toString(labels.shape())
              + ".");
    }
    long rows = output.size(0);
    weights.check(rows);
    Numbers y = Numbers.of(output);
    Numbers t = Numbers.of(labels);
    long width = output.size(1);
    // In double precision and in one order, whatever a native reduction would choose.
    double sum = 0;
    for (long row = 0; row < rows; row++) {
      double weight = weights.at(row);
      double rowScale = scale * weight / width;
      for (long i = row * width; i < (row + 1) * width; i++) {
        double label = t.get(i);
        checkLabel(label, row);
        sum += weight * loss(y.get(i), label);
        if (gradient != null) {
          gradient.put(i, rowScale * slope(y.get(i), label));
        }
      }
    }
    return sum / width;
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
