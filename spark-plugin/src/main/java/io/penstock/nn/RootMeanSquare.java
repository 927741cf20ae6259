package io.penstock.nn;

import io.penstock.array.Numbers;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The square root of the mean squared error of all numbers, in the labels' unit. */
record RootMeanSquare() implements Metric {
  @Override
  public String name() {
    return "rmse";
  }

  @Override
  public double sum(INDArray output, INDArray labels, RowWeights weights) {
    Numbers y = Numbers.of(output);
    Numbers wanted = Numbers.of(labels);
    long width = labels.size(1);
    double sum = 0;
    for (long i = 0; i < labels.length(); i++) {
      double off = y.get(i) - wanted.get(i);
      sum += weights.at(i / width) * off * off;
    }
    return sum;
  }

  @Override
  public double count(INDArray labels, RowWeights weights) {
    return labels.size(1) * weights.sum(labels.size(0));
  }

  @Override
  public double value(double sum, double count) {
    return Math.sqrt(Metric.super.value(sum, count));
  }
}
