package io.penstock.array;

import io.penstock.Internal;
import org.bytedeco.javacpp.Pointer;
import org.nd4j.linalg.cpu.nativecpu.bindings.Nd4jCpu;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Native memory that this process has taken through ND4J and JavaCPP, outside of Java's heap.
 * Thread-safe.
 */
@Internal
public final class NativeHeap {
  private NativeHeap() {}

  /**
   * Limits what ND4J may take for its arrays to what others of this process leave of these bytes;
   * then it refuses more by a {@link RuntimeException} of its own. Holds until it is called again;
   * 0 is no limit. On the CUDA backend it does nothing: ND4J counts the GPU's memory there.
   *
   * @param bytes of ND4J's arrays and JavaCPP's memory together
   */
  public static void limit(long bytes) {
    if (Nd4j.getEnvironment().isCPU()) {
      long left = bytes == 0 ? 0 : Math.max(1, bytes - Pointer.totalBytes());
      Nd4jCpu.Environment.getInstance().setDeviceLimit(0, left);
    }
  }

  /**
   * Returns the bytes taken now. ND4J counts its arrays itself and JavaCPP does not know them;
   * JavaCPP counts what else is native, such as packed weights. On the CUDA backend, only the
   * latter. Loads ND4J; takes some microseconds; for any thread.
   */
  public static long bytes() {
    // Of a CPU, ND4J counts everything as that of device 0.
    long arrays =
        Nd4j.getEnvironment().isCPU() ? Nd4jCpu.Environment.getInstance().getDeviceCounter(0) : 0;
    return arrays + Pointer.totalBytes();
  }
}
