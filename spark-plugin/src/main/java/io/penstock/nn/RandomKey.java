package io.penstock.nn;

/**
 * Counter-based random number generator: a stream that is named by a key and read by position, so
 * that any part of it can be drawn anywhere, in any order. Immutable. The mixing function is
 * SplitMix64's (Steele, Lea and Flood, 2014, "Fast splittable pseudorandom number generators").
 */
public record RandomKey(long key) {
  private static final long GOLDEN = 0x9E3779B97F4A7C15L;

  /** Returns the stream of a key that is made of these numbers; their order counts. */
  public static RandomKey of(long... parts) {
    long key = 0;
    for (long part : parts) {
      key = mix(key + GOLDEN + part);
    }
    return new RandomKey(key);
  }

  /** Returns the number at this position, counted from 0, uniform in [0, 1). */
  public double uniform(long index) {
    return (mix(key + (index + 1) * GOLDEN) >>> 11) * 0x1p-53;
  }

  private static long mix(long z) {
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
