package io.penstock.nn;

import io.penstock.compute.SplitMix;

/**
 * Counter-based random number generator: a stream that is named by a key and read by position, so
 * that any part of it can be drawn anywhere, in any order. Immutable. The mixing function is
 * SplitMix64's (Steele, Lea and Flood, 2014, "Fast splittable pseudorandom number generators").
 */
public record RandomKey(long key) {
  /** Returns the stream of a key that is made of these numbers; their order counts. */
  public static RandomKey of(long... parts) {
    long key = 0;
    for (long part : parts) {
      key = SplitMix.mix(key + SplitMix.GOLDEN + part);
    }
    return new RandomKey(key);
  }

  /** Returns the number at this position, counted from 0, uniform in [0, 1). */
  public double uniform(long index) {
    return SplitMix.uniform(key, index);
  }
}
