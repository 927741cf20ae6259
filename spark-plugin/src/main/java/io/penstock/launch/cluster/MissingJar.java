package io.penstock.launch.cluster;

import io.penstock.Internal;
import io.penstock.launch.SparkMessages;
import java.util.Optional;

/**
 * Diagnosis of a failed job by Spark's words: executors lack a jar. Stateless; any thread may call.
 */
@Internal
public final class MissingJar {
  private MissingJar() {}

  /**
   * Returns the jar that executors lack, and what to do; empty if that is not why the job failed.
   */
  public static Optional<String> in(Throwable failed) {
    for (Throwable cause = failed; cause != null; cause = cause.getCause()) {
      if (SparkMessages.lacksPenstock(cause)) {
        return Optional.of(words("Penstock's jar", "penstock-spark"));
      }
      if (SparkMessages.lacksNd4j(cause)) {
        return Optional.of(words("ND4J's jars", "org.nd4j:nd4j-native and what it depends on"));
      }
    }
    return Optional.empty();
  }

  private static String words(String what, String jars) {
    return "The executors lack "
        + what
        + ". The driver's class path (spark.driver.extraClassPath, --driver-class-path, a"
        + " notebook's own) does not reach them: give "
        + jars
        + " by --jars or --packages, or have it on every machine and name the place in"
        + " spark.executor.extraClassPath.";
  }
}
