package io.penstock.array;

import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Memory of an {@link ArrayPool}, as the array that was last made of it. Immutable, but for the
 * numbers.
 *
 * @param kind the array's type and shape
 * @param bytes how much it is, at least what the array takes
 */
record Block(INDArray array, ArrayPool.Kind kind, long bytes) {
  /**
   * Allocates as much memory as the array needs.
   *
   * @param memory of a device; null for the host's
   */
  static Block of(DeviceMemory memory, DataType type, long... shape) {
    INDArray array = NativeArrays.array(memory, type, 'c', shape);
    return new Block(array, new ArrayPool.Kind(type, shape), NativeArrays.bytes(type, shape));
  }

  /**
   * Returns whether an array of this type, shape and so many bytes can lie here without wasting
   * half of it. Where there is no room for twice what the plan takes, it is one of as wide rows,
   * only fewer: of a plan's rows, which are the most that there can be, nothing is wasted then.
   */
  boolean fits(DataType type, long needed, long... shape) {
    return array.dataType() == type
        && needed <= bytes
        && bytes <= 2 * needed
        && (NativeHeap.isAmple() || width(shape) == width(kind.shape()))
        && (NativeArrays.isOnDevice(array) || NativeArrays.isPlain(array));
  }

  private static long width(long... shape) {
    return shape[shape.length - 1];
  }

  /** This memory as an array of another shape; the array it was before is dead. */
  Block as(long... shape) {
    DataType type = array.dataType();
    INDArray other =
        NativeArrays.isOnDevice(array)
            ? NativeArrays.over(
                DeviceBuffer.again(array, NativeArrays.bytes(type, shape) / Float.BYTES),
                'c',
                shape)
            : NativeArrays.over(array.data().pointer(), type, 'c', shape);
    return new Block(other, new ArrayPool.Kind(type, shape), bytes);
  }

  void free() {
    NativeArrays.release(array);
  }
}
