package io.penstock.nn;

import io.penstock.array.Numbers;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Mean error of all numbers, in the labels' unit: RMSE or MAE.
 *
 * @param squared whether it is the square root of the mean squared error; else it is absolute
 */
record MeanError(boolean squared) implements Metric {
  @Override
  public String name() {
    return squared ? "rmse" : "mae";
  }

  @Override
  public double sum(INDArray output, INDArray labels, SampleWeights weights) {
    Numbers y = Numbers.of(output);
    Numbers wanted = Numbers.of(labels);
    long width = labels.size(1);
    double sum = 0;
    for (long i = 0; i < labels.length(); i++) {
      double off = y.get(i) - wanted.get(i);
      double weight = weights.at(i / width);
      sum += squared ? weight * off * off : weight * Math.abs(off);
    }
    return sum;
  }

  @Override
  public double count(INDArray labels, SampleWeights weights) {
    return labels.size(1) * weights.sum(labels.size(0));
  }

  @Override
  public double value(double sum, double count) {
    double mean = Metric.super.value(sum, count);
    return squared ? Math.sqrt(mean) : mean;
  }
}
