package io.penstock.compute.cuda;

import com.sun.jna.ptr.LongByReference;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Context of a GPU that all of this process shares. It is kept for as long as somebody holds it: a
 * device that is open, and each piece of page-locked memory, which goes with the context that it
 * was locked in. Thread-safe.
 */
final class PrimaryContext {
  private final CudaGpu gpu;
  private final long handle;
  private final AtomicInteger holders = new AtomicInteger(1);

  /** Page-locked memory: bytes by address. */
  private final ConcurrentSkipListMap<Long, Long> locked = new ConcurrentSkipListMap<>();

  private PrimaryContext(CudaGpu gpu, long handle) {
    this.gpu = gpu;
    this.handle = handle;
  }

  /**
   * Makes the context if nobody has, with one holder.
   *
   * @throws CudaException if the GPU cannot be used now
   */
  static PrimaryContext retain(CudaGpu gpu) {
    LongByReference context = new LongByReference();
    CudaException.check(
        Driver.cuDevicePrimaryCtxRetain(context, gpu.ordinal()), "cuDevicePrimaryCtxRetain", gpu);
    return new PrimaryContext(gpu, context.getValue());
  }

  /** Makes it that of the calling thread; returns the driver's result. */
  int enter() {
    return Driver.cuCtxSetCurrent(handle);
  }

  /** Notes memory that was locked in it, a holder. */
  void lock(long address, long bytes) {
    holders.incrementAndGet();
    locked.put(address, bytes);
  }

  /** Returns whether memory of the host's was locked in it. */
  boolean holds(long host, long bytes) {
    Map.Entry<Long, Long> before = locked.floorEntry(host);
    return before != null && host + bytes <= before.getKey() + before.getValue();
  }

  /** Frees locked memory, which holds it no longer. */
  void unlock(long address, Runnable freeing) {
    locked.remove(address); // before another piece may come to lie there
    try {
      freeing.run();
    } finally {
      letGo();
    }
  }

  /** Takes a holder away; the last one lets go of the context. */
  void letGo() {
    if (holders.decrementAndGet() == 0) {
      Driver.cuDevicePrimaryCtxRelease_v2(gpu.ordinal());
    }
  }
}
