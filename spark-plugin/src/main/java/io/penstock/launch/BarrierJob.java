package io.penstock.launch;

import io.penstock.feed.RefusedRowsException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.SparkContext;
import org.apache.spark.SparkException;
import org.apache.spark.rdd.RDD;
import org.apache.spark.resource.ResourceProfile;
import scala.reflect.ClassTag$;

/**
 * A barrier job with one task a rank, each on an executor of its own, that ends with the first
 * cause when a rank fails.
 *
 * @param context the application
 * @param profile what its tasks ask of Spark; empty for the default profile
 * @param monitor what the driver hears of the ranks
 */
record BarrierJob(SparkContext context, Optional<ResourceProfile> profile, RunMonitor monitor) {
  private static final String INTERRUPT = "spark.job.interruptOnCancel";
  private static final Pattern LOST_TASK =
      Pattern.compile(
          "ResultTask\\(\\d+, (\\d+)\\) finished unsuccessfully\\.\\s+ExecutorLostFailure");

  /**
   * Runs the job.
   *
   * @param rows one partition a rank
   * @return what the ranks ended with, by rank
   * @throws TrainingFailedException if a rank failed, the job was cancelled, or the caller was
   *     interrupted, which cancels it
   * @throws IllegalArgumentException if a rank refused its input
   */
  <T, R> List<R> run(RDD<T> rows, RankTask<T, R> task, Class<R> result) {
    String interrupt = context.getLocalProperty(INTERRUPT);
    // A rank that waits for a peer must hear of a cancelled job.
    context.setLocalProperty(INTERRUPT, "true");
    context.addJobTag(task.runId());
    Rendezvous rendezvous = new Rendezvous(rows.getNumPartitions());
    try (DriverEndpoint endpoint = new DriverEndpoint(task.runId(), monitor, rendezvous)) {
      RDD<byte[]> ranks =
          rows.barrier().mapPartitions(task, false, ClassTag$.MODULE$.apply(byte[].class));
      profile.ifPresent(ranks::withResources);
      byte[][] results = (byte[][]) ranks.collect();
      return Arrays.stream(results).map(bytes -> result.cast(Carried.value(bytes))).toList();
    } catch (Exception thrown) {
      if (isInterruption(thrown)) { // Spark would leave the job running, with its slots
        context.cancelJobsWithTag(task.runId());
        Thread.currentThread().interrupt();
      }
      throw explain(thrown);
    } finally {
      context.removeJobTag(task.runId());
      context.setLocalProperty(INTERRUPT, interrupt);
    }
  }

  private RuntimeException explain(Exception thrown) {
    if (monitor.ownFailure().isPresent()) {
      RuntimeException own = monitor.ownFailure().get();
      own.addSuppressed(thrown);
      return new TrainingFailedException(own.getMessage(), own);
    }
    // Ranks that only suffered, when Spark cancelled them, have less to say than Spark.
    Optional<RankFailure> first =
        monitor.firstFailure().filter(failure -> !(failure.consequence() && isCancelled(thrown)));
    if (first.isPresent()) {
      RankFailure failure = first.get();
      Throwable cause = failure.cause().orElse(thrown);
      if (cause instanceof IllegalArgumentException badInput) {
        return refused(badInput);
      }
      Optional<String> lacking = MissingJar.in(cause);
      if (lacking.isPresent()) {
        return new TrainingFailedException(lacking.get(), cause);
      }
      TrainingFailedException explained =
          new TrainingFailedException(
              "Rank "
                  + failure.rank()
                  + " on "
                  + failure.host()
                  + " failed: "
                  + failure.text()
                  + ". See that executor's log for more.",
              cause);
      if (cause != thrown) {
        explained.addSuppressed(thrown);
      }
      return explained;
    }
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      if (cause instanceof IllegalArgumentException badInput) {
        return refused(badInput);
      }
    }
    Optional<String> lacking = MissingJar.in(thrown);
    if (lacking.isPresent()) {
      return new TrainingFailedException(lacking.get(), thrown);
    }
    if (isInterruption(thrown)) {
      return new TrainingFailedException("Interrupted while it ran; the job is cancelled.", thrown);
    }
    return thrown instanceof SparkException
        ? new TrainingFailedException(lostRank(thrown) + thrown.getMessage(), thrown)
        : thrown instanceof RuntimeException runtime
            ? runtime
            : new TrainingFailedException(thrown.getMessage(), thrown);
  }

  private static IllegalArgumentException refused(IllegalArgumentException badInput) {
    return badInput instanceof RefusedRowsException rows ? rows.onDriver() : badInput;
  }

  /** Scala declares no exception, so that Java could not catch this one by its name. */
  private static boolean isInterruption(Throwable thrown) {
    return thrown instanceof InterruptedException;
  }

  /**
   * Whether an exception, or what caused it, is Spark's word that somebody cancelled the job, or
   * the caller was interrupted.
   */
  static boolean isCancelled(Throwable thrown) {
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      if (isInterruption(cause)
          || (cause instanceof SparkException
              && String.valueOf(cause.getMessage()).contains("cancelled"))) {
        return true;
      }
    }
    return false;
  }

  /** Where no peer was there, or had the time, to say which rank is gone, Spark's words tell it. */
  private static String lostRank(Exception thrown) {
    Matcher task = LOST_TASK.matcher(String.valueOf(thrown.getMessage()));
    return task.find()
        ? "Lost rank " + task.group(1) + ", its executor is gone: "
        : "Spark ended the job: ";
  }
}
