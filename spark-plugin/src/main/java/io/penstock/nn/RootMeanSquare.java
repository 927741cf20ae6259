package io.penstock.nn;

import org.nd4j.linalg.api.ndarray.INDArray;

/** The square root of the mean squared error of all numbers, in the labels' unit. */
record RootMeanSquare() implements Metric {
  @Override
  public String name() {
    return "rmse";
  }

  @Override
  public double sum(INDArray output, INDArray labels) {
    Numbers y = Numbers.of(output);
    Numbers wanted = Numbers.of(labels);
    double sum = 0;
    for (long i = 0; i < labels.length(); i++) {
      double off = y.get(i) - wanted.get(i);
      sum += off * off;
    }
    return sum;
  }

  @Override
  public double count(INDArray labels) {
    return labels.length();
  }

  @Override
  public double value(double sum, double count) {
    return Math.sqrt(Metric.super.value(sum, count));
  }
}
