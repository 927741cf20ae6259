package io.penstock.checkpoint;

import io.penstock.Internal;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Failure to read a layer's state from a checkpoint: a file is missing or damaged. Immutable. */
@Internal
public final class UnreadableStateException extends UncheckedIOException {
  private static final long serialVersionUID = 1L;

  /** Makes the exception with the message of its cause, which names the file. */
  public UnreadableStateException(IOException cause) {
    super(cause.getMessage(), cause);
  }
}
