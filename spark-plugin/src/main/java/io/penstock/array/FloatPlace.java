package io.penstock.array;

import io.penstock.Internal;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Native pointer to the floats of whichever array is passed to native code next: one object for all
 * arrays that a caller ever hands over, so that a call leaves no pointer on Java's heap. It owns no
 * memory, and keeps none: who hands an array over holds it until the native call has returned
 * ({@link java.lang.ref.Reference#reachabilityFence}), or the collector may free it meanwhile. For
 * one thread.
 */
@Internal
public final class FloatPlace extends FloatPointer {
  /** One that points nowhere yet. */
  public FloatPlace() {
    super((Pointer) null);
  }

  /**
   * Points to one of an array's floats from now on.
   *
   * @param array in the host's memory
   * @param at which, counted in memory from the array's first
   * @return this
   */
  public FloatPlace at(INDArray array, long at) {
    Pointer numbers = array.data().pointer();
    long first = numbers.position() + array.offset();
    return at(numbers.address() + (first + at) * Float.BYTES);
  }

  /**
   * Points to this address from now on.
   *
   * @return this
   */
  public FloatPlace at(long address) {
    this.address = address;
    return this;
  }
}
