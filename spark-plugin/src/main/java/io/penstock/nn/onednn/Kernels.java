package io.penstock.nn.onednn;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * What was compiled for a shape, to be used again: a kernel's first use costs a millisecond. For
 * one thread.
 */
public final class Kernels {
  private final Map<Object, Object> made = new HashMap<>();

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
