package io.penstock.train;

import java.lang.reflect.Field;
import java.util.Map;
import org.bytedeco.javacpp.Pointer;
import org.nd4j.linalg.api.memory.deallocation.DeallocatorService;
import org.nd4j.linalg.factory.Nd4j;

/**
 * What is held off the heap.
 *
 * @param bytes of JavaCPP's pointers: the pools', the kernels' and the feed's
 * @param buffers of ND4J's own arrays and contexts: weights, frames
 */
record Held(long bytes, int buffers) {
  static Held now() {
    Held least = read();
    for (int i = 0; i < 4; i++) {
      least = least.least(collected());
    }
    return least;
  }

  /** Reads until it is what it was, or has had time enough to be. */
  static Held settled(Held before, long moreBytes, int moreBuffers) {
    Held least = now();
    for (int i = 0; i < 500 && !least.isWithin(before, moreBytes, moreBuffers); i++) {
      least = least.least(collected());
    }
    return least;
  }

  private static Held collected() {
    System.gc();
    try {
      Thread.sleep(20); // the collector's queues are emptied by other threads
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    return read();
  }

  private static Held read() {
    return new Held(Pointer.totalBytes(), references());
  }

  private static int references() {
    try {
      Field references = DeallocatorService.class.getDeclaredField("referenceMap");
      references.setAccessible(true);
      return ((Map<?, ?>) references.get(Nd4j.getDeallocatorService())).size();
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  private Held least(Held other) {
    return new Held(Math.min(bytes, other.bytes), Math.min(buffers, other.buffers));
  }

  boolean isWithin(Held before, long moreBytes, int moreBuffers) {
    return bytes <= before.bytes + moreBytes && buffers <= before.buffers + moreBuffers;
  }
}
