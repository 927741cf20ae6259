package io.penstock.device;

import io.penstock.Internal;
import java.io.Serializable;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A GPU that a task was given and that ND4J can run on. Immutable.
 *
 * @param address as Spark assigned it: an index, or a UUID
 * @param ordinal CUDA's number of it in this process, which differs from the index where {@code
 *     CUDA_VISIBLE_DEVICES} hides some
 */
@Internal
public record Device(String address, int ordinal, Gpu gpu) implements Serializable {
  private static final String CLAIMED = "io.penstock.device";

  /**
   * Makes this GPU the process's own, for threads that have no other, unless the process has one.
   */
  public void claim() {
    System.getProperties().putIfAbsent(CLAIMED, Integer.toString(ordinal));
  }

  /** Binds the current thread to the GPU that the process has claimed, if it has one. */
  public static void bindToClaimed() {
    String claimed = System.getProperty(CLAIMED);
    if (claimed != null && !Nd4j.getEnvironment().isCPU()) {
      Nd4j.getAffinityManager().unsafeSetDevice(Integer.valueOf(claimed));
    }
  }

  /**
   * Binds the current thread to this GPU. Every thread that touches an array must be bound: ND4J
   * deals out all GPUs of the machine in turn to threads that are not. Does nothing on a CPU.
   */
  public void bind() {
    if (!Nd4j.getEnvironment().isCPU()) {
      Nd4j.getAffinityManager().unsafeSetDevice(ordinal);
    }
  }
}
