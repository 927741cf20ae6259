package io.penstock.array;

import io.penstock.Internal;
import org.bytedeco.javacpp.Pointer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Debug mode that fills unused memory with NaN: what is freed or given back to a pool, and what was
 * just allocated. Who reads it all the same gets NaN (−1 as a whole number) in place of numbers
 * that are mostly right, and a run shows it in its first loss. A layer that writes to an array that
 * it was given is named: see {@link Imprint}.
 *
 * <p>It costs a pass over memory for every array, so it is off unless the system property {@value
 * #PROPERTY} is {@code true} when the process starts, as it is in the tests; on a cluster, {@code
 * --conf spark.executor.extraJavaOptions=-Dpenstock.memory.poison=true}. It is for who writes
 * layers. On a CPU only: a GPU works on its memory while the call has long returned. For any
 * thread.
 */
@Internal
public final class Poison {
  /** The system property that turns it on for the whole process. */
  public static final String PROPERTY = "penstock.memory.poison";

  private static final boolean ON = Boolean.getBoolean(PROPERTY);

  /** All bits: NaN in every type of floating-point numbers. */
  private static final int BYTE = 0xFF;

  private Poison() {}

  /**
   * Fills an array that nobody reads, if this mode is on.
   *
   * @param array dense, not closed, and no view
   */
  public static void fill(INDArray array) {
    if (!array.isEmpty() && isOn() && !NativeArrays.isOnDevice(array)) {
      // Strides of 0 make an array of more numbers than its memory holds.
      long numbers = Math.min(array.length(), array.data().length());
      Pointer.memset(array.data().pointer(), BYTE, numbers * array.dataType().width());
    }
  }

  /** Returns whether the mode is on. */
  static boolean isOn() {
    return ON && Nd4j.getEnvironment().isCPU();
  }
}
