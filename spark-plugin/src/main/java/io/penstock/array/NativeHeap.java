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
