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
  public io.penstock.compute.Losses.Difference difference() {
    return io.penstock.compute.Losses.Difference.ABSOLUTE;
  }
}
