package io.penstock.launch.cluster;

import io.penstock.Internal;

/**
 * End of a wait for executors before they had come. Immutable. The cause is an {@link
 * InterruptedException} where the caller was interrupted, else Spark's own exception, if any.
 */
@Internal
public final class WaitEndedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private WaitEndedException(String message, Throwable cause) {
    super(message, cause);
  }

  static WaitEndedException interrupted(InterruptedException cause) {
    return new WaitEndedException("Interrupted while waiting for executors.", cause);
  }

  static WaitEndedException stopped() {
    return new WaitEndedException(
        "The SparkContext was stopped while a run waited for executors.", null);
  }

  static WaitEndedException ofJob(Throwable cause) {
    return new WaitEndedException(
        "Spark ended the job that a run waited for executors with: " + cause.getMessage(), cause);
  }
}
