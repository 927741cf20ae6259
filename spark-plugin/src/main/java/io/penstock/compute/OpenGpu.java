package io.penstock.compute;

import io.penstock.Internal;

/**
 * GPU that is open for a rank, until it is closed: its context takes memory of the GPU.
 * Thread-safe.
 */
@Internal
public interface OpenGpu extends ComputeDevice, AutoCloseable {
  /**
   * Returns what the bits of a result depend on beside the GPU's capability, in words: the kernels,
   * and the library of products with its version and precision.
   */
  String kernels();

  /** Lets go of the GPU. Whoever still computes on it must have stopped before. */
  @Override
  void close();
}
