package io.penstock.nn;

import io.penstock.nn.onednn.Kernels;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Where a layer's arrays come from. What they hold at first is undefined. */
@FunctionalInterface
public interface Memory {
  /** Fresh memory, which the garbage collector frees. */
  Memory FRESH = (type, shape) -> Blank.array(type, 'c', shape);

  /** An array in 'c' order, to be written in full. */
  INDArray array(DataType type, long... shape);

  /** So many ones; not to be changed. */
  default INDArray ones(DataType type, long count) {
    return array(type, count).assign(1);
  }

  /** Compiled kernels; those of fresh memory are compiled anew. */
  default Kernels kernels() {
    return new Kernels();
  }

  /** An array of the same type and shape, to be written in full. */
  default INDArray like(INDArray array) {
    return array(array.dataType(), array.shape());
  }

  /** A copy. */
  default INDArray copy(INDArray array) {
    return like(array).assign(array);
  }

  /** The array itself if it lies densely in 'c' order, otherwise a copy that does. */
  default INDArray dense(INDArray array) {
    return Blank.isDense(array, 'c') ? array : copy(array);
  }
}
