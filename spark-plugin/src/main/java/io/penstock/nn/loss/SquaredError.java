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
  public io.penstock.compute.Losses.Difference difference() {
    return io.penstock.compute.Losses.Difference.SQUARED;
  }
}
