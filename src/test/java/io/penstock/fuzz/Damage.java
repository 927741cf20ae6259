package io.penstock.fuzz;

import java.util.List;

/**
 * Damage to one of some good inputs: which one, and a number for each change. Made anew of the same
 * numbers, it is the same; of fewer, it is smaller.
 */
public record Damage(int which, List<Long> changes) {
  private static final long SEED = Long.getLong("penstock.fuzz.seed", 0);

  /** The index of the input that is changed. */
  public int of(int inputs) {
    return Math.floorMod(which, inputs);
  }

  /** The input, changed. */
  public byte[] to(List<byte[]> good) {
    byte[] bytes = good.get(of(good.size()));
    for (long change : changes) {
      bytes = new Mutator(change ^ SEED, good).changed(bytes);
    }
    return bytes;
  }
}
