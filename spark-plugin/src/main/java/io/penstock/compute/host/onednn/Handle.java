package io.penstock.compute.host.onednn;

import io.penstock.array.FloatPlace;
import org.bytedeco.dnnl.memory;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Native pointer by which oneDNN is told where numbers lie: one object for all arrays that a kernel
 * is ever given, so that a run leaves no pointer on Java's heap. Who gives an array holds it until
 * the kernel has run: see {@link FloatPlace}. For one thread.
 */
final class Handle {
  private final FloatPlace place = new FloatPlace();

  /** Points to the first of an array's floats, which lie densely. */
  void give(memory to, INDArray array) {
    give(to, array, 0);
  }

  /** Points to an array's float before which there are {@code before} others. */
  void give(memory to, INDArray array, long before) {
    to.set_data_handle(place.at(array, before));
  }

  /** Points to the byte of this address. */
  void give(memory to, long address) {
    to.set_data_handle(place.at(address));
  }
}
