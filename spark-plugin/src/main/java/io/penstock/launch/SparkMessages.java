package io.penstock.launch;

import io.penstock.Internal;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.SparkException;

/**
 * Messages of Spark's that are read, because Spark says by nothing else what they say: all that is
 * known of its words stands here. Stateless; any thread may call.
 */
@Internal
public final class SparkMessages {
  /** All that Spark 3.5 has for it; later ones put the name of an error class before these. */
  private static final Pattern CANCELLED =
      Pattern.compile("(\\[SPARK_JOB_CANCELLED] )?Job \\d+ cancelled\\b.*", Pattern.DOTALL);

  private static final Pattern LOST_TASK =
      Pattern.compile(
          "ResultTask\\(\\d+, (\\d+)\\) finished unsuccessfully\\.\\s+ExecutorLostFailure"
              + " \\(executor (\\S+) exited[^)]*\\)(?: Reason: (.*))?",
          Pattern.DOTALL);

  private static final String DECOMMISSIONED = "Executor decommission: ";
  private static final String WRAPPING = "Exception thrown in awaitResult";

  /**
   * A class of ours, or a function of ours: Java says of one that it cannot assign it when it does
   * not know the class that it was written in.
   */
  private static final Pattern NO_PENSTOCK =
      Pattern.compile(
          "ClassNotFoundException: io\\.penstock\\."
              + "|NoClassDefFoundError: io/penstock/"
              + "|cannot assign instance of java\\.lang\\.invoke\\.SerializedLambda");

  private static final Pattern NO_ND4J =
      Pattern.compile(
          "(ClassNotFoundException: |NoClassDefFoundError: )org[./](nd4j|bytedeco)[./]");

  private SparkMessages() {}

  /**
   * Task that was lost with its executor.
   *
   * @param partition the task's, from 0
   * @param executor Spark's id of it
   * @param reason why the executor is gone, in Spark's words
   */
  public record LostTask(int partition, String executor, String reason) {}

  /** Returns whether an exception, not what caused it, says that somebody cancelled the job. */
  public static boolean isCancellation(Throwable thrown) {
    return thrown instanceof SparkException
        && CANCELLED.matcher(String.valueOf(thrown.getMessage())).matches();
  }

  /** Returns the task of a barrier job by whose loss the job failed; empty if none was lost. */
  public static Optional<LostTask> lostTask(Throwable thrown) {
    Matcher lost = LOST_TASK.matcher(String.valueOf(thrown.getMessage()));
    return lost.find()
        ? Optional.of(
            new LostTask(
                Integer.parseInt(lost.group(1)),
                lost.group(2),
                lost.group(3) == null ? "" : lost.group(3)))
        : Optional.empty();
  }

  /** Returns whether Spark took an executor away, by the reason that it gives for its end. */
  public static boolean isDecommission(String reason) {
    return reason.startsWith(DECOMMISSIONED);
  }

  /** Returns the first line of the reason for an executor's end, without Spark's prefix. */
  public static String firstLine(String reason) {
    String first = reason.lines().findFirst().orElse("Spark does not say why");
    return first.replace(DECOMMISSIONED, "");
  }

  /** Returns an exception without Spark's wrapping of what an answer of the driver failed with. */
  public static Throwable unwrapped(Throwable thrown) {
    Throwable inside = thrown;
    while (inside instanceof SparkException
        && inside.getCause() != null
        && String.valueOf(inside.getMessage()).startsWith(WRAPPING)) {
      inside = inside.getCause();
    }
    return inside;
  }

  /** Returns whether an exception, not what caused it, says that a class of Penstock is missing. */
  public static boolean lacksPenstock(Throwable thrown) {
    return NO_PENSTOCK.matcher(thrown.toString()).find();
  }

  /** Returns whether an exception, not what caused it, says that a class of ND4J is missing. */
  public static boolean lacksNd4j(Throwable thrown) {
    return NO_ND4J.matcher(thrown.toString()).find();
  }
}
