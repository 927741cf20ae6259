package io.penstock.nn;

import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;

/** See {@link Losses#squaredError}. */
record SquaredError() implements Loss {
  @Override
  public String name() {
    return "squaredError";
  }

  @Override
  public double score(INDArray output, INDArray labels) {
    check(output, labels);
    // In double precision and in one order, whatever a native reduction would choose.
    double[] y = rowByRow(output);
    double[] t = rowByRow(labels);
    double sum = 0;
    for (int i = 0; i < y.length; i++) {
      sum += (y[i] - t[i]) * (y[i] - t[i]);
    }
    return sum / output.size(1);
  }

  @Override
  public INDArray gradient(INDArray output, INDArray labels, double scale) {
    check(output, labels);
    return Blank.copy(output)
        .subi(labels.castTo(output.dataType()))
        .muli(2 * scale / output.size(1));
  }

  @Override
  public INDArray prediction(INDArray output) {
    return Blank.ordered(output, 'f');
  }

  @Override
  public int labelWidth(Shape output) {
    return Math.toIntExact(output.size());
  }

  @Override
  public void checkOutput(Shape output) {
    if (output.rank() != 1) {
      throw new ShapeException(
          "squaredError needs output rows of one dimension, but these have shape "
              + output
              + "; end the network with a flatten layer.");
    }
  }

  private static double[] rowByRow(INDArray array) {
    return Blank.copy(array, 'c').data().asDouble();
  }

  private static void check(INDArray output, INDArray labels) {
    if (!Arrays.equals(output.shape(), labels.shape())) {
      throw new ShapeException(
          "squaredError takes labels of the output's shape "
              + Arrays.toString(output.shape())
              + ", one number for each output, but these have shape "
              + Arrays.toString(labels.shape())
              + ".");
    }
  }
}
