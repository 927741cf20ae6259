package io.penstock.nn;

/**
 * How an array of weights begins: uniform in {@code [low, high)}, or all {@code low} where the two
 * are equal. A uniform distribution needs no transcendental function, so every machine draws the
 * same numbers.
 *
 * @param low the lower bound
 * @param high the upper bound, at least {@code low}
 */
public record Initializer(double low, double high) {
  /**
   * @throws IllegalArgumentException unless {@code low <= high}, both finite
   */
  public Initializer {
    if (!(low <= high) || !Double.isFinite(low) || !Double.isFinite(high)) {
      throw new IllegalArgumentException(
          "Weights cannot begin between " + low + " and " + high + ": give low <= high, finite.");
    }
  }

  /** Every weight begins at zero. */
  public static Initializer zeros() {
    return constant(0);
  }

  /** Every weight begins at this value. */
  public static Initializer constant(double value) {
    return new Initializer(value, value);
  }

  /**
   * Uniform with a variance of {@code gain² / fanIn}, which keeps the size of activations from
   * layer to layer (He et al., 2015, arXiv 1502.01852).
   *
   * @param fanIn how many inputs a unit sums
   * @param gain what the activation that follows takes away: √2 for relu, 1 for none
   */
  public static Initializer scaled(long fanIn, double gain) {
    double limit = gain * Math.sqrt(3.0 / fanIn);
    return new Initializer(-limit, limit);
  }

  double value(RandomKey key, long index) {
    return low == high ? low : low + (high - low) * key.uniform(index);
  }
}
