package io.penstock.array;

import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Source of fresh arrays, whose numbers are undefined until they are written. {@link #FRESH} is
 * thread-safe; an arena's is for one thread.
 */
@FunctionalInterface
public interface Allocator {
  /** Fresh arrays, whose memory the garbage collector frees. */
  Allocator FRESH = (type, shape) -> NativeArrays.array(type, 'c', shape);

  /** Returns an array of this shape in 'c' order, to be written in full. */
  INDArray array(DataType type, long... shape);

  /** Returns an array of another's type and shape in 'c' order, to be written in full. */
  default INDArray like(INDArray array) {
    return array(array.dataType(), array.shape());
  }

  /** Returns an array of as many vectors as another, but of this width, to be written in full. */
  default INDArray like(INDArray array, long width) {
    long[] shape = array.shape().clone();
    shape[shape.length - 1] = width;
    return array(array.dataType(), shape);
  }

  /** Returns a copy in 'c' order. */
  default INDArray copy(INDArray array) {
    return NativeArrays.copy(array, like(array));
  }

  /** Returns the array itself if it lies densely in 'c' order, otherwise a copy that does. */
  default INDArray dense(INDArray array) {
    return NativeArrays.isDense(array, 'c') ? array : copy(array);
  }
}
