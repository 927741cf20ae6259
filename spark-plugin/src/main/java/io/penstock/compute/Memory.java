package io.penstock.compute;

import io.penstock.array.Allocator;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Source of a layer's arrays, with the compiled kernels that work on them. {@link #FRESH} is
 * thread-safe; all others are for one thread.
 */
@FunctionalInterface
public interface Memory extends Allocator {
  /** Fresh memory, which the garbage collector frees. */
  Memory FRESH = Allocator.FRESH::array;

  /**
   * Returns the compute operations for numbers of this type in this memory. Those of fresh memory
   * are new, with nothing compiled yet.
   */
  default Compute compute(DataType type) {
    return ComputeKinds.of(type).open();
  }

  /** Returns the compute operations for arrays of this one's element type. */
  default Compute compute(INDArray like) {
    return compute(like.dataType());
  }

  /**
   * Returns memory of the host's, with the processor's operations, for what cannot be computed on a
   * device: this one, unless it is a device's.
   */
  default Memory onHost() {
    return this;
  }

  /** Returns the cache of compiled kernels; that of fresh memory is a new one. */
  default Kernels kernels() {
    return new Kernels();
  }
}
