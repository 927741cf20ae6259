package io.penstock.compute;

import io.penstock.Internal;

/**
 * Mixing function of SplitMix64 and its numbers (Steele, Lea and Flood, 2014, "Fast splittable
 * pseudorandom number generators"): number by number a function of key and place, so that every
 * kind of compute draws the same bits, in any order. Stateless.
 */
@Internal
public final class SplitMix {
  /** What a key grows by from one number to the next: 2^64 over the golden ratio. */
  public static final long GOLDEN = 0x9E3779B97F4A7C15L;

  private SplitMix() {}

  /** Mixes the bits of a number. */
  public static long mix(long z) {
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  /** Returns a key's number at this place, counted from 0, uniform in [0, 1). */
  public static double uniform(long key, long place) {
    return (mix(key + (place + 1) * GOLDEN) >>> 11) * 0x1p-53;
  }
}
