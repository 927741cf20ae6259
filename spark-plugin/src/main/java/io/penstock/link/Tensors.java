package io.penstock.link;

import io.penstock.array.NativeArrays;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.bytedeco.javacpp.BytePointer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.concurrency.AffinityManager.Location;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Conversion of arrays to runs of off-heap bytes. Stateless. */
final class Tensors {
  private Tensors() {}

  /**
   * Returns the array as it can be shared: itself, or a copy when its workspace would reuse its
   * memory.
   *
   * @throws IllegalArgumentException when it has no elements or its type has no fixed width
   */
  static INDArray shareable(INDArray array) {
    if (array.isEmpty() || array.length() == 0) {
      throw new IllegalArgumentException(
          "An array without elements cannot be sent. Send no frame for a micro-batch without"
              + " rows.");
    }
    requireNumeric(array.dataType());
    return array.isAttached() ? array.detach() : array;
  }

  /**
   * Returns the array as one run of memory in its own ordering: itself if it has no gaps, else a
   * copy.
   */
  static INDArray dense(INDArray array) {
    return NativeArrays.isDense(array, array.ordering()) ? array : array.dup(array.ordering());
  }

  static void requireNumeric(DataType type) {
    if (type == DataType.UTF8 || type == DataType.COMPRESSED || type == DataType.UNKNOWN) {
      throw new IllegalArgumentException(
          "An array of type " + type + " cannot be sent. Send numbers.");
    }
  }

  /**
   * Allocates an array, outside any ND4J workspace, whose elements are whatever the memory held.
   */
  static INDArray allocate(DataType type, long[] shape, char ordering) {
    return Nd4j.createUninitializedDetached(type, ordering, shape);
  }

  /**
   * Returns the memory of a dense array, not a copy. It is valid only while the array is reachable.
   */
  static ByteBuffer memory(INDArray dense) {
    // On a GPU the elements may be newer in the device's memory; on a CPU this does nothing.
    Nd4j.getAffinityManager().ensureLocation(dense, Location.HOST);
    long start = dense.offset() * dense.dataType().width();
    return new BytePointer(dense.data().pointer())
        .limit(start + NativeArrays.bytes(dense))
        .position(start)
        .asByteBuffer()
        .order(ByteOrder.nativeOrder());
  }
}
