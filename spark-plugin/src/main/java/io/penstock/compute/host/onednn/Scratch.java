package io.penstock.compute.host.onednn;

import io.penstock.array.SpareMemory;
import io.penstock.compute.Kernels;
import org.bytedeco.javacpp.BytePointer;

/**
 * Scratch memory for the time of one kernel's run, shared by all kernels of a thread; it grows to
 * the most that any of them needs. For one thread.
 */
final class Scratch {
  /** A line of the processor's cache, and its widest register. */
  static final long LINE = 64;

  private record Key() {}

  private BytePointer memory;
  private long size;

  /** Returns the scratch memory of these kernels. */
  static Scratch of(Kernels kernels) {
    return kernels.get(new Key(), any -> new Scratch());
  }

  /** Returns the first address from this one on at which a line begins. */
  static long nextLine(long address) {
    return (address + LINE - 1) / LINE * LINE;
  }

  /**
   * Returns the address of {@code needed} bytes, at which a line begins. What they hold is
   * undefined.
   */
  long bytes(long needed) {
    if (memory == null || size < needed) {
      if (memory != null) {
        memory.deallocate();
        memory = null;
      }
      memory = SpareMemory.allocate(needed + LINE, () -> new BytePointer(needed + LINE));
      size = needed;
    }
    return nextLine(memory.address());
  }
}
