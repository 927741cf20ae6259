package io.penstock.nn;

import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.transforms.custom.SoftMax;
import org.nd4j.linalg.factory.Nd4j;

/** See {@link Losses#softmaxCrossEntropy}. */
record SoftmaxCrossEntropy() implements Loss {
  @Override
  public String name() {
    return "softmaxCrossEntropy";
  }

  @Override
  public double score(INDArray output, INDArray labels) {
    return softmax(output, labels, 0, null);
  }

  @Override
  public double gradient(INDArray output, INDArray labels, double scale, INDArray gradient) {
    return softmax(output, labels, scale, Numbers.into(gradient));
  }

  /** Returns the score and, unless it is null, writes the gradient. */
  private static double softmax(INDArray output, INDArray labels, double scale, Numbers gradient) {
    checkLabels(output, labels);
    // On the host, in double precision: ND4J's log_softmax of large outputs is infinite.
    Numbers z = Numbers.of(output);
    Numbers ids = Numbers.of(labels);
    int count = (int) output.size(1);
    double[] exps = new double[count];
    double score = 0;
    for (int row = 0; row < output.size(0); row++) {
      int label = label(ids.get(row), row, count);
      long first = (long) row * count;
      double max = Double.NEGATIVE_INFINITY;
      for (int i = 0; i < count; i++) {
        max = Math.max(max, z.get(first + i));
      }
      double sum = 0;
      for (int i = 0; i < count; i++) {
        exps[i] = Math.exp(z.get(first + i) - max);
        sum += exps[i];
      }
      score += Math.log(sum) + max - z.get(first + label);
      if (gradient != null) {
        for (int i = 0; i < count; i++) {
          gradient.put(first + i, scale * (exps[i] / sum - (i == label ? 1 : 0)));
        }
      }
    }
    return score;
  }

  @Override
  public INDArray prediction(INDArray output) {
    INDArray probabilities = Memory.FRESH.like(output);
    Nd4j.getExecutioner().exec(new SoftMax(output, probabilities, 1));
    return probabilities;
  }

  @Override
  public int labelWidth(Shape output) {
    return 1;
  }

  @Override
  public void checkOutput(Shape output) {
    if (output.rank() != 1) {
      throw new ShapeException(
          "softmaxCrossEntropy needs one number for each class, but output rows have shape "
              + output
              + "; end the network with a flatten and a dense layer.");
    }
    if (output.size() < 2) {
      throw new ShapeException(
          "softmaxCrossEntropy needs two classes or more, but output rows have shape "
              + output
              + "; give the last layer 2 outputs for a yes-or-no question.");
    }
  }

  private static void checkLabels(INDArray output, INDArray labels) {
    long rows = output.size(0);
    if (labels.rank() != 2 || labels.size(0) != rows || labels.size(1) != 1) {
      throw new ShapeException(
          "softmaxCrossEntropy takes labels of shape ["
              + rows
              + ", 1], one class id for each row, but these have shape "
              + Arrays.toString(labels.shape())
              + ".");
    }
  }

  private static int label(double label, int row, int count) {
    int id = (int) label;
    if (id != label || label < 0 || label >= count) {
      throw new IllegalArgumentException(
          "The label "
              + label
              + " in row "
              + row
              + " is no class id: with "
              + count
              + " outputs they are 0 to "
              + (count - 1)
              + ". Index the labels, or give the last layer more outputs.");
    }
    return id;
  }
}
