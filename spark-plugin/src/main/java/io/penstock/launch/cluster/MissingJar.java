package io.penstock.launch.cluster;

import io.penstock.Internal;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Diagnosis of a failed job by Spark's words: executors lack a jar. Stateless; any thread may call.
 */
@Internal
public final class MissingJar {
  /**
   * Message on a class of ours, or a function of ours: Java says of one that it cannot assign it
   * when it does not know the class that it was written in.
   */
  private static final Pattern OURS =
      Pattern.compile(
          "ClassNotFoundException: io\\.penstock\\."
              + "|NoClassDefFoundError: io/penstock/"
              + "|cannot assign instance of java\\.lang\\.invoke\\.SerializedLambda");

  private static final Pattern ND4J =
      Pattern.compile(
          "(ClassNotFoundException: |NoClassDefFoundError: )org[./](nd4j|bytedeco)[./]");

  private MissingJar() {}

  /**
   * Returns the jar that executors lack, and what to do; empty if that is not why the job failed.
   */
  public static Optional<String> in(Throwable failed) {
    for (Throwable cause = failed; cause != null; cause = cause.getCause()) {
      String said = cause.toString();
      if (OURS.matcher(said).find()) {
        return Optional.of(words("Penstock's jar", "penstock-spark"));
      }
      if (ND4J.matcher(said).find()) {
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
