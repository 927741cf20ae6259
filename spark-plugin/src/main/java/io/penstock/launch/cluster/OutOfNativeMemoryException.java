package io.penstock.launch.cluster;

import io.penstock.Internal;

/**
 * Failure of a rank whose process has no native memory left for an array. Its message names the
 * limit and the setting to raise. Immutable.
 */
@Internal
public final class OutOfNativeMemoryException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  OutOfNativeMemoryException(String message) {
    super(message);
  }
}
