package io.penstock.nn.loss;

/**
 * Mean absolute error: see {@link Losses#absoluteError}. Its slope where the two are equal is taken
 * to be 0.
 */
record AbsoluteError() implements NumberLoss {
  @Override
  public String name() {
    return "absoluteError";
  }

  @Override
  public double loss(double output, double label) {
    return Math.abs(output - label);
  }

  @Override
  public double slope(double output, double label) {
    return Math.signum(output - label);
  }
}
