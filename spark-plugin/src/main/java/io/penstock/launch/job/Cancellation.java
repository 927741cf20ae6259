package io.penstock.launch.job;

import io.penstock.event.FailureKind;
import io.penstock.launch.SparkMessages;

/** Diagnosis of a cancelled job, or an interrupted caller. Stateless. */
final class Cancellation {
  private Cancellation() {}

  /**
   * Returns whether an exception, or what caused it, is Spark's message that somebody cancelled the
   * job, or the caller was interrupted.
   */
  static boolean causes(Throwable thrown) {
    if (thrown instanceof TrainingFailedException failed) {
      return failed.kind() == FailureKind.CANCELLED;
    }
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      if (isInterruption(cause) || SparkMessages.isCancellation(cause)) {
        return true;
      }
    }
    return false;
  }

  /**
   * Returns whether an exception is an interruption: Scala declares none, so that Java could not
   * catch this one by its name.
   */
  static boolean isInterruption(Throwable thrown) {
    return thrown instanceof InterruptedException;
  }
}
