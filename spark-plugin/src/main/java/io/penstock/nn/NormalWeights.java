package io.penstock.nn;

/**
 * Normally distributed initial weights: see {@link Initializer#normal}. Drawn by the method of Box
 * and Muller (1958, "A note on the generation of random normal deviates"), one number of each pair,
 * so that any can be drawn alone.
 */
record NormalWeights(double deviation) implements Initializer {
  NormalWeights {
    if (!(deviation > 0) || !Double.isFinite(deviation)) {
      throw new IllegalArgumentException(
          "Weights cannot begin with a standard deviation of "
              + deviation
              + ": give a positive number, or begin with a constant.");
    }
  }

  @Override
  public double value(RandomKey random, long index) {
    // 1 - u lies in (0, 1], where the logarithm is finite.
    double radius = Math.sqrt(-2 * StrictMath.log(1 - random.uniform(2 * index)));
    return deviation * radius * StrictMath.cos(2 * Math.PI * random.uniform(2 * index + 1));
  }
}
