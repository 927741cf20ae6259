package io.penstock.nn;

import java.io.Serializable;

/**
 * Initial values of an array of weights. Immutable. Its random numbers are the same on every
 * machine: uniform ones need no transcendental function, and normal ones take theirs from {@link
 * StrictMath}. {@link WeightInit} names the usual ones.
 */
public sealed interface Initializer extends Serializable
    permits UniformWeights, NormalWeights, IdentityWeights {
  /** Zeros. */
  static Initializer zeros() {
    return constant(0);
  }

  /** One value for every weight. */
  static Initializer constant(double value) {
    return uniform(value, value);
  }

  /**
   * Uniform in {@code [low, high)}, or all {@code low} where the two are equal.
   *
   * @throws IllegalArgumentException unless {@code low <= high}, both finite
   */
  static Initializer uniform(double low, double high) {
    return new UniformWeights(low, high);
  }

  /**
   * Normal around 0 with this standard deviation.
   *
   * @throws IllegalArgumentException unless it is a positive number
   */
  static Initializer normal(double deviation) {
    return new NormalWeights(deviation);
  }

  /** A square matrix of this many rows with ones on its diagonal. */
  static Initializer identity(long rows) {
    return new IdentityWeights(rows);
  }

  /**
   * Uniform with a variance of {@code gain² / fanIn}, which keeps the size of activations from
   * layer to layer (He et al., 2015, arXiv 1502.01852).
   *
   * @param fanIn how many inputs a unit sums
   * @param gain what the activation that follows takes away: √2 for relu, 1 for none
   */
  static Initializer scaled(long fanIn, double gain) {
    double limit = gain * Math.sqrt(3.0 / fanIn);
    return uniform(-limit, limit);
  }

  /**
   * Returns the number at this position of the array, counted from 0, column by column ('f' order).
   *
   * @param random the array's own stream of random numbers
   */
  double value(RandomKey random, long index);
}
