package io.penstock.nn;

import org.nd4j.linalg.api.ndarray.INDArray;

/** The mean absolute error of all numbers, in the labels' unit. */
record MeanAbsolute() implements Metric {
  @Override
  public String name() {
    return "mae";
  }

  @Override
  public double sum(INDArray output, INDArray labels) {
    Numbers y = Numbers.of(output);
    Numbers wanted = Numbers.of(labels);
    double sum = 0;
    for (long i = 0; i < labels.length(); i++) {
      sum += Math.abs(y.get(i) - wanted.get(i));
    }
    return sum;
  }

  @Override
  public double count(INDArray labels) {
    return labels.length();
  }
}
