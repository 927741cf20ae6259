package io.penstock.compute.host.onednn;

import org.bytedeco.dnnl.memory;
import org.bytedeco.javacpp.Pointer;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Tells oneDNN where numbers lie: one object for all arrays that a kernel is ever given, so that a
 * run leaves no pointer on Java's heap. It owns no memory, and keeps none: who gives an array holds
 * it until the kernel has run ({@link java.lang.ref.Reference#reachabilityFence}), or the collector
 * may free it meanwhile. For one thread.
 */
final class Handle extends Pointer {
  /** The first of an array's floats, which lie densely. */
  void give(memory to, INDArray array) {
    give(to, array, 0);
  }

  /** That of an array's floats before which there are so many. */
  void give(memory to, INDArray array, long before) {
    give(to, address(array) + before * Float.BYTES);
  }

  /** Where the first of an array's floats is. */
  static long address(INDArray array) {
    Pointer numbers = array.data().pointer();
    return numbers.address() + (numbers.position() + array.offset()) * Float.BYTES;
  }

  /** The byte of this address. */
  void give(memory to, long address) {
    this.address = address;
    to.set_data_handle(this);
  }
}
