package io.penstock.nn.loss;

import io.penstock.nn.Metric;

/** Mean squared error: see {@link Losses#squaredError}. */
record SquaredError() implements NumberLoss {
  @Override
  public String name() {
    return "squaredError";
  }

  @Override
  public Metric metric() {
    return Metric.rootMeanSquare();
  }

  @Override
  public double loss(double output, double label) {
    double difference = output - label;
    return difference * difference;
  }

  @Override
  public double slope(double output, double label) {
    return 2 * (output - label);
  }
}
