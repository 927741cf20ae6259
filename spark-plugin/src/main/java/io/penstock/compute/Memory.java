package io.penstock.compute;

import io.penstock.array.Allocator;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Where a layer's arrays come from, and the compiled kernels that work on them. */
@FunctionalInterface
public interface Memory extends Allocator {
  /** Fresh memory, which the garbage collector frees. */
  Memory FRESH = Allocator.FRESH::array;

  /**
   * What computes with numbers of this type in this memory. That of fresh memory is a new one,
   * which has nothing compiled yet.
   */
  default Compute compute(DataType type) {
    return ComputeKinds.of(type).open();
  }

  /** What computes with an array and those like it. */
  default Compute compute(INDArray like) {
    return compute(like.dataType());
  }

  /** Compiled kernels; those of fresh memory are compiled anew. */
  default Kernels kernels() {
    return new Kernels();
  }
}
