package io.penstock.nn;

/** See {@link Losses#squaredError}. */
record SquaredError() implements NumberLoss {
  @Override
  public String name() {
    return "squaredError";
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
