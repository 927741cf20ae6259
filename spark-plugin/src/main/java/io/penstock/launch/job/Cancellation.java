package io.penstock.launch.job;

import java.util.regex.Pattern;
import org.apache.spark.SparkException;

/** Diagnosis of a cancelled job, or an interrupted caller. Stateless. */
final class Cancellation {
  /**
   * Spark's message for a cancelled job, which is all that Spark 3.5 has for it; later ones put the
   * name of an error class before them.
   */
  private static final Pattern SPARKS_WORDS =
      Pattern.compile("(\\[SPARK_JOB_CANCELLED] )?Job \\d+ cancelled\\b.*", Pattern.DOTALL);

  private Cancellation() {}

  /**
   * Returns whether an exception, or what caused it, is Spark's message that somebody cancelled the
   * job, or the caller was interrupted.
   */
  static boolean causes(Throwable thrown) {
    if (thrown instanceof TrainingFailedException failed) {
      return failed.reason() == TrainingFailedException.Reason.CANCELLED;
    }
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      if (isInterruption(cause)
          || (cause instanceof SparkException
              && SPARKS_WORDS.matcher(String.valueOf(cause.getMessage())).matches())) {
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
