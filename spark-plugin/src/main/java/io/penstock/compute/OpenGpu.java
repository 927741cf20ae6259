package io.penstock.compute;

import io.penstock.Internal;
import java.util.Optional;

/**
 * GPU that is open for a rank, until it is closed: its context takes memory of the GPU.
 * Thread-safe.
 */
@Internal
public interface OpenGpu extends ComputeDevice, AutoCloseable {
  /**
   * Returns what the bits of a result depend on beside the GPU's capability and Penstock's kernels,
   * in words: the library of products with its version and precision.
   */
  String products();

  /** Returns a warning that it computes slower than it could, with what to do; empty if not. */
  Optional<String> complaint();

  /** Lets go of the GPU. Whoever still computes on it must have stopped before. */
  @Override
  void close();
}
