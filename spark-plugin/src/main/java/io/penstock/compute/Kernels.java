package io.penstock.compute;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * What was compiled for a shape, to be used again: a kernel's first use costs a millisecond. For
 * one thread.
 */
public final class Kernels {
  /** More than any network has; where every micro-batch has a length of its own, the last ones. */
  private static final int MOST = 1024;

  private final Map<Object, Object> made =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Object, Object> eldest) {
          return size() > MOST;
        }
      };

  /** The kernel of this key, a record that no other kind of kernel has. */
  @SuppressWarnings("unchecked") // a key's type tells its kernel's
  public <K, T> T get(K key, Function<K, T> compile) {
    T kernel = (T) made.get(key);
    if (kernel == null) {
      kernel = compile.apply(key);
      made.put(key, kernel);
    }
    return kernel;
  }

  /** Forgets all. */
  public void clear() {
    made.clear();
  }
}
