package io.penstock.array;

import io.penstock.Internal;

/**
 * Memory of a device such as a GPU, beside the host's. Addresses are the device's own, in bytes:
 * the host may not follow them. What a thread asks for is done in the order in which it asks, and
 * in no order beside what other threads ask for: see {@link #settle}. Thread-safe.
 */
@Internal
public interface DeviceMemory {
  /**
   * Allocates memory, whose bytes are undefined.
   *
   * @return its address
   * @throws RuntimeException if the device has no room; its message says how much it has
   */
  long allocate(long bytes);

  /** Frees memory; it waits for what the device still does with it. */
  void free(long address);

  /** Copies from the host; when it returns, the host's memory may be written again. */
  void toDevice(long host, long device, long bytes);

  /** Copies to the host, after all that this thread has asked for; it returns when that is done. */
  void toHost(long device, long host, long bytes);

  /** Copies within the device. */
  void copy(long from, long to, long bytes);

  /** Sets bytes to zero. */
  void clear(long at, long bytes);

  /**
   * Waits until all that this thread has asked for is done: then other threads may read it, or use
   * the memory again.
   */
  void settle();

  /** Returns the device's name and number, for the log and for errors. */
  String name();
}
