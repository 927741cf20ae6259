package io.penstock.array;

import io.penstock.Internal;
import java.util.concurrent.atomic.AtomicLong;
import org.bytedeco.javacpp.Pointer;
import org.nd4j.linalg.cpu.nativecpu.bindings.Nd4jCpu;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Native memory that this process has taken through ND4J and JavaCPP, outside of Java's heap.
 * Thread-safe.
 */
@Internal
public final class NativeHeap {
  private static final NativeHeap HERE = new NativeHeap();

  /** Bytes that all may take together; 0 for no limit. */
  private final AtomicLong most = new AtomicLong();

  /** Bytes that this process's plan takes at most; 0 where nobody has said so. */
  private final AtomicLong planned = new AtomicLong();

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
      HERE.most.set(bytes);
      renew();
    }
  }

  /**
   * Takes note of the bytes that the plan takes for which this process works from now on.
   *
   * @param bytes at most; 0 for not known
   */
  public static void plan(long bytes) {
    HERE.planned.set(bytes);
  }

  /** Lets ND4J take what others have left of the limit by now. */
  static void renew() {
    long bytes = HERE.most.get();
    long left = bytes == 0 ? 0 : Math.max(1, bytes - Pointer.totalBytes());
    Nd4jCpu.Environment.getInstance().setDeviceLimit(0, left);
  }

  /** Returns whether there is a limit. */
  static boolean isLimited() {
    return HERE.most.get() > 0;
  }

  /** Returns whether there is room for twice what the plan takes. */
  static boolean isAmple() {
    long planned = HERE.planned.get();
    return !isLimited() || (planned > 0 && planned <= HERE.most.get() / 2);
  }

  /**
   * Returns how many bytes have to be freed, where there is a limit, so that these may be taken; 0
   * or less where there is room.
   */
  static long lack(long bytes) {
    return bytes() + bytes - HERE.most.get();
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
