package io.penstock.nn;

/** Uniformly distributed initial weights: see {@link Initializer#uniform}. */
record UniformWeights(double low, double high) implements Initializer {
  UniformWeights {
    if (!(low <= high) || !Double.isFinite(low) || !Double.isFinite(high)) {
      throw new IllegalArgumentException(
          "Weights cannot begin between " + low + " and " + high + ": give low <= high, finite.");
    }
  }

  @Override
  public double value(RandomKey random, long index) {
    return low == high ? low : low + (high - low) * random.uniform(index);
  }
}
