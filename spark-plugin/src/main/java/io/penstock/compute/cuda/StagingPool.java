package io.penstock.compute.cuda;

import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.function.Consumer;

/**
 * Staging memory of a device, as much of it as there are threads that copy at one time.
 * Thread-safe.
 */
final class StagingPool {
  private final CudaDevice device;
  private final ConcurrentLinkedDeque<Staging> idle = new ConcurrentLinkedDeque<>();

  StagingPool(CudaDevice device) {
    this.device = device;
  }

  /** Lends staging memory for a copy: what this thread had last, where it can be had. */
  void lend(Consumer<Staging> copy) {
    Staging lent = take();
    try {
      copy.accept(lent);
    } finally {
      idle.push(lent);
    }
  }

  private Staging take() {
    for (Staging each : idle) {
      if (each.isOfThisThread() && idle.remove(each)) {
        return each;
      }
    }
    Staging any = idle.poll();
    return any == null ? new Staging(device) : any;
  }

  /** Frees all, when nobody copies any more. */
  void close() {
    idle.forEach(Staging::close);
    idle.clear();
  }
}
