package io.penstock.compute;

import io.penstock.array.Arrays;

/** Where a layer's arrays come from, and the compiled kernels that work on them. */
@FunctionalInterface
public interface Memory extends Arrays {
  /** Fresh memory, which the garbage collector frees. */
  Memory FRESH = Arrays.FRESH::array;

  /** Compiled kernels; those of fresh memory are compiled anew. */
  default Kernels kernels() {
    return new Kernels();
  }
}
