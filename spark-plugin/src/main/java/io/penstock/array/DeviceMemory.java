package io.penstock.array;

/**
 * Memory of a device such as a GPU, beside the host's. Addresses are the device's own, in bytes:
 * the host may not follow them. What a thread asks for is done in the order in which it asks, and
 * in no order beside what other threads ask for: see {@link #settle}. Thread-safe.
 */
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

  /** Marks the place behind all that this thread has asked for. */
  Mark mark();

  /** A place in what one thread has asked for. For any thread, once. */
  @FunctionalInterface
  interface Mark {
    /**
     * Has the device do what this thread asks for from now on when all before the mark is done.
     * Returns at once.
     */
    void await();
  }

  /**
   * Allocates page-locked memory of the host's, to and from which the device copies by itself, at
   * the bus's full rate.
   *
   * @return its address
   * @throws RuntimeException if the system has no more to lock
   */
  long lock(long bytes);

  /** Frees page-locked memory, to or from which nothing is copied any more. */
  void unlock(long address);

  /** Returns the device's name and number, for the log and for errors. */
  String name();
}
