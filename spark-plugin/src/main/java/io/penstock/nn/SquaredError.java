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
    Numbers y = Numbers.of(output);
    Numbers t = Numbers.of(labels);
    // In double precision and in one order, whatever a native reduction would choose.
    double sum = 0;
    for (long i = 0; i < output.length(); i++) {
      double difference = y.get(i) - t.get(i);
      sum += difference * difference;
    }
    return sum / output.size(1);
  }

  @Override
  public double gradient(INDArray output, INDArray labels, double scale, INDArray gradient) {
    double score = score(output, labels);
    Numbers y = Numbers.of(output);
    Numbers t = Numbers.of(labels);
    Numbers g = Numbers.into(gradient);
    double slope = 2 * scale / output.size(1);
    for (long i = 0; i < output.length(); i++) {
      g.put(i, slope * (y.get(i) - t.get(i)));
    }
    return score;
  }

  @Override
  public INDArray prediction(INDArray output) {
    return output;
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
