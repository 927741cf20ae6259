package io.penstock.launch.job;

import io.penstock.event.FailureKind;
import io.penstock.launch.Sentence;
import io.penstock.launch.cluster.MissingJar;
import io.penstock.launch.cluster.WaitEndedException;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.spark.SparkContext;

/**
 * Scope in which the calling thread's Spark jobs are a run's. All carry its tag, so that none is
 * left when the thread is interrupted, and their tasks are interrupted when they are cancelled, so
 * that one which waits hears of it. The thread's local properties are as before in the end.
 * Stateless; for the driver's threads.
 */
final class JobScope {
  private static final String INTERRUPT = "spark.job.interruptOnCancel";

  private JobScope() {}

  /**
   * Does the driver's part of a run. Wherever it is when the caller is interrupted, one of its jobs
   * is cancelled, or the context is stopped, it fails by the one kind of failure that says so. An
   * interrupted caller's flag is set then, and its jobs, which Spark would leave, are cancelled.
   *
   * @param runId tag of its jobs
   * @throws TrainingFailedException if somebody ended it, it failed by itself so, or executors lack
   *     a jar, whichever of its jobs finds that
   * @throws RuntimeException any other failure, as it is
   */
  static <T> T run(SparkContext context, String runId, Supplier<T> jobs) {
    String interrupt = context.getLocalProperty(INTERRUPT);
    context.setLocalProperty(INTERRUPT, "true");
    context.addJobTag(runId);
    try {
      return jobs.get();
    } catch (Throwable cause) {
      if (isInterruption(cause)) {
        RunJobs.cancel(context, runId);
        Thread.currentThread().interrupt(); // now that nothing is left to be tidied up
      }
      Optional<TrainingFailedException> ended = ended(context, cause);
      if (ended.isPresent()) {
        throw ended.get();
      }
      throw cause;
    } finally {
      context.removeJobTag(runId);
      context.setLocalProperty(INTERRUPT, interrupt);
    }
  }

  private static boolean isInterruption(Throwable thrown) {
    boolean wrapped =
        thrown instanceof TrainingFailedException || thrown instanceof WaitEndedException;
    return Cancellation.isInterruption(wrapped ? thrown.getCause() : thrown);
  }

  private static Optional<TrainingFailedException> ended(SparkContext context, Throwable cause) {
    if (cause instanceof TrainingFailedException) {
      return Optional.empty();
    }
    boolean wanted = Cancellation.causes(cause) || context.isStopped();
    Optional<String> lacking = MissingJar.in(cause);
    if (!wanted && lacking.isEmpty() && !(cause instanceof WaitEndedException)) {
      return Optional.empty();
    }
    String words = lacking.orElseGet(() -> words(context, cause));
    FailureKind kind = wanted ? FailureKind.CANCELLED : FailureKind.JOB_FAILED;
    return Optional.of(new TrainingFailedException(RunFailure.of(kind, words, cause)));
  }

  private static String words(SparkContext context, Throwable cause) {
    if (Cancellation.isInterruption(cause)) {
      return "Interrupted before its barrier job had begun.";
    }
    boolean said = cause instanceof WaitEndedException || Cancellation.causes(cause);
    String words = Sentence.of(String.valueOf(cause.getMessage()));
    return said || !context.isStopped() ? words : "The SparkContext was stopped: " + words;
  }
}
