package io.penstock.compute.host;

import io.penstock.array.SpareMemory;
import org.bytedeco.javacpp.FloatPointer;

/**
 * Vector of ones, as long as any that was asked for; BLAS adds up rows by a product with it. For
 * one thread.
 */
final class Ones {
  private FloatPointer memory;
  private long count;

  /** Returns {@code wanted} ones at least, not to be changed. */
  FloatPointer of(long wanted) {
    if (memory == null || count < wanted) {
      clear();
      memory = SpareMemory.allocate(Float.BYTES * wanted, () -> new FloatPointer(wanted));
      for (long i = 0; i < wanted; i++) {
        memory.put(i, 1);
      }
      count = wanted;
    }
    return memory;
  }

  /** Frees them. */
  void clear() {
    if (memory != null) {
      memory.deallocate();
      memory = null;
      count = 0;
    }
  }
}
