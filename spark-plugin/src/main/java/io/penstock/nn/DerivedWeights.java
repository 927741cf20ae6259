package io.penstock.nn;

import io.penstock.compute.Weights;
import io.penstock.compute.Weights.Derived;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;

/**
 * Cache of what kernels have derived from weights, such as packed copies: fresh, or stale since the
 * weights have changed. Once all is made, it leaves nothing on the heap. Not thread-safe.
 */
final class DerivedWeights {
  private static final class Kept {
    private final Derived what;
    private boolean fresh;

    /** Whether it was used since all was renewed last. */
    private boolean used;

    Kept(Derived what) {
      this.what = what;
    }

    private void freshen() {
      if (!fresh) {
        what.refresh();
        fresh = true;
      }
    }
  }

  private final Map<Object, Kept> byKey = new HashMap<>();
  private final List<Kept> all = new ArrayList<>();

  /**
   * Returns what is kept under this key, fresh; made of the weights if there is none yet.
   *
   * @param room where it is made; null where all is kept
   */
  @SuppressWarnings("unchecked") // a key's type tells what is derived
  <K, T extends Derived> T get(
      Weights weights, K key, BiFunction<Weights, K, T> make, DerivedRoom room) {
    Kept kept = byKey.get(key);
    if (kept == null) {
      if (room != null) {
        room.enter(this);
      }
      kept = new Kept(make.apply(weights, key));
      byKey.put(key, kept);
      all.add(kept);
    }
    kept.used = true;
    kept.freshen();
    return (T) kept.what;
  }

  /** Makes all stale, for the weights have changed. */
  void changed() {
    for (int i = 0; i < all.size(); i++) {
      all.get(i).fresh = false;
    }
  }

  /** Makes anew what was used since the last time; what else is stale, when it is asked for. */
  void renew() {
    for (int i = 0; i < all.size(); i++) {
      Kept kept = all.get(i);
      if (kept.used) {
        kept.freshen();
        kept.used = false;
      }
    }
  }

  /** Frees all. */
  void free() {
    all.forEach(kept -> kept.what.free());
    all.clear();
    byKey.clear();
  }
}
