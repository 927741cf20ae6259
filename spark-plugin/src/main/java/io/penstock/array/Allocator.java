package io.penstock.array;

import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Where arrays come from. What they hold at first is undefined. */
@FunctionalInterface
public interface Allocator {
  /** Fresh arrays, whose memory the garbage collector frees. */
  Allocator FRESH = (type, shape) -> NativeArrays.array(type, 'c', shape);

  /** An array in 'c' order, to be written in full. */
  INDArray array(DataType type, long... shape);

  /** An array of the same type and shape, to be written in full. */
  default INDArray like(INDArray array) {
    return array(array.dataType(), array.shape());
  }

  /** An array of as many vectors, but of this width, to be written in full. */
  default INDArray like(INDArray array, long width) {
    long[] shape = array.shape().clone();
    shape[shape.length - 1] = width;
    return array(array.dataType(), shape);
  }

  /** A copy. */
  default INDArray copy(INDArray array) {
    return NativeArrays.copy(array, like(array));
  }

  /** The array itself if it lies densely in 'c' order, otherwise a copy that does. */
  default INDArray dense(INDArray array) {
    return NativeArrays.isDense(array, 'c') ? array : copy(array);
  }
}
