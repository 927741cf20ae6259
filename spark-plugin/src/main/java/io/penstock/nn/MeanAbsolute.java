package io.penstock.nn;

import io.penstock.array.Numbers;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The mean absolute error of all numbers, in the labels' unit. */
record MeanAbsolute() implements Metric {
  @Override
  public String name() {
    return "mae";
  }

  @Override
  public double sum(INDArray output, INDArray labels, RowWeights weights) {
    Numbers y = Numbers.of(output);
    Numbers wanted = Numbers.of(labels);
    long width = labels.size(1);
    double sum = 0;
    for (long i = 0; i < labels.length(); i++) {
      sum += weights.at(i / width) * Math.abs(y.get(i) - wanted.get(i));
    }
    return sum;
  }

  @Override
  public double count(INDArray labels, RowWeights weights) {
    return labels.size(1) * weights.sum(labels.size(0));
  }
}
