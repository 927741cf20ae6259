package io.penstock.device;

import io.penstock.Internal;
import java.io.Serializable;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A GPU that a task was given and can compute on. Immutable.
 *
 * @param address as Spark assigned it: an index, or a UUID
 * @param ordinal CUDA's number of it in this process, which differs from the index where {@code
 *     CUDA_VISIBLE_DEVICES} hides some
 * @param name of the product, as far as it is known
 * @param memoryBytes all the memory that it has, in bytes; 0 if it is not known
 * @param backend the way to compute on it: {@link Backend#CUDA} or {@link Backend#ND4J_CUDA}
 */
@Internal
public record Device(
    String address,
    int ordinal,
    String name,
    Capability capability,
    long memoryBytes,
    Backend backend)
    implements Serializable {
  private static final String CLAIMED = "io.penstock.device";

  /** Returns whether it is computed on through CUDA's driver, with ND4J on the CPU beside it. */
  public boolean isByDriver() {
    return backend == Backend.CUDA;
  }

  /** Returns the backend of ND4J's that a process needs to compute on it. */
  public Nd4jBackend nd4j() {
    return isByDriver() ? Nd4jBackend.CPU : Nd4jBackend.CUDA;
  }

  /** Returns its name in messages: a UUID says itself what it is. */
  public static String nameOf(String address) {
    return address.startsWith("GPU-") || address.startsWith("MIG-") ? address : "GPU " + address;
  }

  /**
   * Makes this GPU the process's own for ND4J, for threads that have no other, unless it has one.
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
   * Binds the current thread to this GPU for ND4J. Every thread that touches an array must be
   * bound: its CUDA backend deals out all GPUs of the machine in turn to threads that are not. Does
   * nothing where ND4J is on the CPU.
   */
  public void bind() {
    if (!Nd4j.getEnvironment().isCPU()) {
      Nd4j.getAffinityManager().unsafeSetDevice(ordinal);
    }
  }
}
