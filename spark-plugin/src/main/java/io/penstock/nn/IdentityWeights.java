package io.penstock.nn;

import io.penstock.Amount;

/** Identity matrix as initial weights: see {@link Initializer#identity}. */
record IdentityWeights(long rows) implements Initializer {
  IdentityWeights {
    if (rows < 1) {
      throw new IllegalArgumentException(
          "An identity matrix cannot have " + new Amount(rows, "row") + ": give 1 or more.");
    }
  }

  @Override
  public double value(RandomKey random, long index) {
    return index / rows == index % rows ? 1 : 0;
  }
}
