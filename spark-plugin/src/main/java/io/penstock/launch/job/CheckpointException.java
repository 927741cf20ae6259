package io.penstock.launch.job;

import io.penstock.launch.Sentence;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.hadoop.fs.FSError;

/**
 * Failure to write or to complete a checkpoint. Immutable. Hadoop's local file system tells of a
 * full disk by an {@link FSError}, which is no exception, and others by unchecked ones.
 */
final class CheckpointException extends UncheckedIOException {
  private static final long serialVersionUID = 1L;

  private CheckpointException(String message, IOException cause) {
    super(message, cause);
  }

  /**
   * Returns the exception for a place that cannot be written to.
   *
   * @param what the words that the place and the cause follow, such as "Could not write ... to"
   * @param advice a sentence
   */
  static CheckpointException of(String what, String place, Throwable cause, String advice) {
    Throwable first =
        cause instanceof FSError && cause.getCause() != null ? cause.getCause() : cause;
    String words = first.getMessage() == null ? first.toString() : first.getMessage();
    IOException checked = cause instanceof IOException own ? own : new IOException(words, cause);
    return new CheckpointException(
        what + " " + place + ": " + Sentence.of(words) + (advice.isEmpty() ? "" : " " + advice),
        checked);
  }
}
