package io.penstock.compute.host;

import org.bytedeco.dnnl.memory;
import org.bytedeco.javacpp.Pointer;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Tells oneDNN where numbers lie: one object for all arrays that a kernel is ever given, so that a
 * step leaves no pointer on Java's heap. It owns no memory and keeps none: who gives an array holds
 * it until the kernel has run. For one thread.
 */
final class Spot extends Pointer {
  /** That of an array's floats, which lie densely, before which there are so many. */
  void give(memory to, INDArray array, long before) {
    Pointer numbers = array.data().pointer();
    long at = numbers.position() + array.offset() + before;
    address = numbers.address() + at * Float.BYTES;
    to.set_data_handle(this);
  }
}
