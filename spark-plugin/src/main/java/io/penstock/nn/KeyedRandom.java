package io.penstock.nn;

import java.util.SplittableRandom;

/**
 * Random numbers that depend on a key alone: on no thread, process, device or order of calls. The
 * generator is the JDK's SplitMix64 (Steele, Lea, Flood: Fast Splittable Pseudorandom Number
 * Generators, 2014).
 */
final class KeyedRandom {
  private KeyedRandom() {}

  static SplittableRandom of(long... key) {
    long state = 0;
    for (long part : key) {
      // Drawing once between the parts mixes each into all bits of the state.
      state = new SplittableRandom(state ^ part).nextLong();
    }
    return new SplittableRandom(state);
  }
}
