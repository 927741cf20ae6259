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
    int[] classes = classes(output, labels);
    int count = (int) output.size(1);
    // On the host, in double precision: ND4J's log_softmax of large outputs is infinite.
    double[] z = Blank.copy(output, 'c').data().asDouble();
    double sum = 0;
    for (int row = 0; row < classes.length; row++) {
      int first = row * count;
      double max = Arrays.stream(z, first, first + count).max().orElseThrow();
      double exps = 0;
      for (int i = first; i < first + count; i++) {
        exps += Math.exp(z[i] - max);
      }
      sum += Math.log(exps) + max - z[first + classes[row]];
    }
    return sum;
  }

  @Override
  public INDArray gradient(INDArray output, INDArray labels, double scale) {
    int[] classes = classes(output, labels);
    INDArray gradient = prediction(output);
    for (int row = 0; row < classes.length; row++) {
      gradient.putScalar(row, classes[row], gradient.getDouble(row, classes[row]) - 1);
    }
    return gradient.muli(scale);
  }

  @Override
  public INDArray prediction(INDArray output) {
    INDArray probabilities = Blank.like(output);
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

  private static int[] classes(INDArray output, INDArray labels) {
    long rows = output.size(0);
    if (labels.rank() != 2 || labels.size(0) != rows || labels.size(1) != 1) {
      throw new ShapeException(
          "softmaxCrossEntropy takes labels of shape ["
              + rows
              + ", 1], one class id for each row, but these have shape "
              + Arrays.toString(labels.shape())
              + ".");
    }
    long count = output.size(1);
    int[] classes = new int[(int) rows];
    for (int row = 0; row < rows; row++) {
      double label = labels.getDouble(row, 0);
      classes[row] = (int) label;
      if (classes[row] != label || label < 0 || label >= count) {
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
    }
    return classes;
  }
}
