package io.penstock.train;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Stashes by micro-batch, in room that is used again for every mini-batch. For the rank's thread.
 */
final class Stashes {
  private Stash[] all = {};
  private int count;

  /** Puts one in the place of a micro-batch that has none. */
  void put(int microBatch, Stash stash) {
    if (microBatch >= all.length) {
      all = Arrays.copyOf(all, microBatch + 1);
    }
    all[microBatch] = stash;
    count++;
  }

  /** Returns the stash of a micro-batch; null if there is none. */
  Stash get(int microBatch) {
    return 0 <= microBatch && microBatch < all.length ? all[microBatch] : null;
  }

  /** Takes the stash of a micro-batch out; null if there is none. */
  Stash remove(int microBatch) {
    Stash stash = get(microBatch);
    if (stash != null) {
      all[microBatch] = null;
      count--;
    }
    return stash;
  }

  /** Returns how many there are. */
  int count() {
    return count;
  }

  /** Returns the micro-batches that have one. */
  Set<Integer> microBatches() {
    Set<Integer> held = new TreeSet<>();
    for (int microBatch = 0; microBatch < all.length; microBatch++) {
      if (all[microBatch] != null) {
        held.add(microBatch);
      }
    }
    return held;
  }

  /** Takes all out. */
  List<Stash> removeAll() {
    List<Stash> held = microBatches().stream().map(this::get).toList();
    Arrays.fill(all, null);
    count = 0;
    return held;
  }
}
