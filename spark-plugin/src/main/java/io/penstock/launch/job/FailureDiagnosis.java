package io.penstock.launch.job;

import io.penstock.event.RankPlace;
import io.penstock.feed.RefusedRowsException;
import io.penstock.launch.Sentence;
import io.penstock.launch.cluster.ExecutorWatch;
import io.penstock.launch.cluster.MissingJar;
import io.penstock.launch.job.RankFailure.Kind;
import io.penstock.launch.job.RankFailure.LostPeer;
import io.penstock.launch.job.TrainingFailedException.Reason;
import io.penstock.link.LostPeerException.Loss;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.SparkException;

/**
 * Diagnosis of a failed run: finds the rank that failed by itself, the executor that is gone, or
 * the connection that broke between two that live. For the thread that waits for the job. Ranks
 * that lose a peer are often heard before Spark has noticed that the peer's executor is gone, so it
 * waits for news of that one.
 *
 * @param monitor of what the driver has heard from the ranks
 * @param rendezvous where the ranks' places are known
 * @param watch on the executors that are gone
 * @param patienceSeconds how long to wait for news of a rank at most
 */
record FailureDiagnosis(
    RunMonitor monitor, Rendezvous rendezvous, ExecutorWatch watch, long patienceSeconds) {
  /**
   * Longest wait for news of a rank. A process that has ended is missed at once, and one that lives
   * is heard at once, for Spark ends its task. A machine that is gone, or cut off, is heard of by
   * neither way for minutes.
   */
  static final long PATIENCE_SECONDS = 10;

  /** Spark's message where no peer was there, or had the time, to miss a rank. */
  private static final Pattern LOST_TASK =
      Pattern.compile(
          "ResultTask\\(\\d+, (\\d+)\\) finished unsuccessfully\\.\\s+ExecutorLostFailure"
              + " \\(executor (\\S+) exited[^)]*\\)(?: Reason: (.*))?",
          Pattern.DOTALL);

  /** Spark's prefix to whatever it was told of such an executor. */
  private static final String DECOMMISSIONED = "Executor decommission: ";

  private static final String GOES_ON =
      " A run needs its executors to its end: keep it from executors that may be taken away, or"
          + " have it leave checkpoints (setCheckpointDir) to go on from.";

  /**
   * Returns the exception to throw in place of the one that Spark's job ended with.
   *
   * @return a {@link TrainingFailedException}, or what a rank threw where its input is at fault
   */
  RuntimeException firstCause(Exception thrown) {
    if (monitor.ownFailure().isPresent()) {
      return becauseDriverFailed(monitor.ownFailure().get(), thrown);
    }
    if (monitor.firstOwnFailure().isEmpty() && !Cancellation.causes(thrown)) {
      awaitNewsOfTheLost();
    }
    if (monitor.firstOwnFailure().isPresent()) {
      return becauseRankFailed(monitor.firstOwnFailure().get(), thrown);
    }
    if (Cancellation.causes(thrown)) {
      // Ranks that only suffered, when Spark cancelled them, have less to say than Spark.
      String words =
          Cancellation.isInterruption(thrown)
              ? "Interrupted while it ran; the job is cancelled."
              : "Spark ended the job: " + Sentence.of(String.valueOf(thrown.getMessage()));
      return TrainingFailedException.of(Reason.CANCELLED, words, thrown);
    }
    Matcher gone = LOST_TASK.matcher(String.valueOf(thrown.getMessage()));
    if (gone.find()) {
      int rank = Integer.parseInt(gone.group(1));
      return becauseExecutorWasLost(rank, gone.group(2), String.valueOf(gone.group(3)), thrown);
    }
    Optional<RankFailure> bereaved = monitor.firstThatLostAPeer();
    return bereaved.isPresent()
        ? becausePeerWasLost(bereaved.get(), thrown)
        : becauseSparkSays(thrown);
  }

  private static TrainingFailedException becauseDriverFailed(Throwable own, Exception thrown) {
    own.addSuppressed(thrown);
    Reason reason =
        own instanceof CheckpointException ? Reason.CHECKPOINT_FAILED : Reason.DRIVER_FAILED;
    String words = own.getMessage() == null ? own.toString() : own.getMessage();
    return TrainingFailedException.of(reason, Sentence.of(words), own);
  }

  private void awaitNewsOfTheLost() {
    try {
      Optional<RankFailure> bereaved = monitor.firstThatLostAPeer();
      if (bereaved.isPresent()) {
        int lost = bereaved.get().lost().rank();
        String executor = rendezvous.place(lost).map(RankPlace::executor).orElse("");
        watch.awaitNews(executor, () -> monitor.hasFailed(lost), patienceSeconds);
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt(); // what is known must do
    }
  }

  /** Returns the exception for a rank that failed by itself. */
  private static RuntimeException becauseRankFailed(RankFailure failure, Exception thrown) {
    Throwable cause = failure.cause().orElse(thrown);
    if (cause instanceof IllegalArgumentException badInput) {
      return refused(badInput);
    }
    Optional<String> lacking = MissingJar.in(cause);
    if (lacking.isPresent()) {
      return explained(Reason.RANK_FAILED, failure.rank(), lacking.get(), cause, thrown);
    }
    RankPlace place = failure.place();
    return explained(
        failure.kind() == Kind.CHECKPOINT ? Reason.CHECKPOINT_FAILED : Reason.RANK_FAILED,
        failure.rank(),
        String.format(
            Locale.ROOT,
            "Rank %d on %s failed: %s See %s for more.",
            failure.rank(),
            place.host(),
            Sentence.of(failure.text()),
            place.log()),
        cause,
        thrown);
  }

  /** Returns the exception for a rank that failed because it lost another. */
  private TrainingFailedException becausePeerWasLost(RankFailure bereaved, Exception thrown) {
    LostPeer lost = bereaved.lost();
    Throwable cause = bereaved.cause().orElse(thrown);
    if (lost.loss() != Loss.CONNECTION) { // its own word did not come, only what its peers heard
      String words = Sentence.of(lost.how());
      return explained(Reason.RANK_FAILED, lost.rank(), words, cause, thrown);
    }
    Optional<RankPlace> place = rendezvous.place(lost.rank());
    Optional<String> removed = place.flatMap(there -> watch.removed(there.executor()));
    if (removed.isPresent()) {
      return becauseExecutorWasLost(lost.rank(), place.get().executor(), removed.get(), cause);
    }
    boolean alive = monitor.hasFailed(lost.rank());
    String other = place.map(RankPlace::process).orElse("an unknown executor");
    return explained(
        Reason.CONNECTION_LOST,
        lost.rank(),
        String.format(
            Locale.ROOT,
            "The connection between rank %d (%s) and rank %d (%s, %s) %s; %s.",
            bereaved.rank(),
            bereaved.place().process(),
            lost.rank(),
            other,
            lost.address(),
            lost.how(),
            alive
                ? "both executors are alive. Look at the network between them, and at what may"
                    + " close quiet connections in it"
                : "rank "
                    + lost.rank()
                    + " has not been heard of since, though Spark still counts on its executor"),
        cause,
        thrown);
  }

  /** Returns the exception for an executor that is gone. */
  private TrainingFailedException becauseExecutorWasLost(
      int rank, String executor, String reason, Throwable cause) {
    boolean decommissioned = watch.wasLeaving(executor) || reason.startsWith(DECOMMISSIONED);
    String process = rendezvous.place(rank).map(RankPlace::process).orElse("executor " + executor);
    String first = reason.lines().findFirst().orElse("Spark does not say why");
    String why = Sentence.of(first.replace(DECOMMISSIONED, ""));
    return TrainingFailedException.of(
        Reason.EXECUTOR_LOST,
        rank,
        String.format(
            Locale.ROOT,
            "Lost rank %d: %s %s: %s%s",
            rank,
            process,
            decommissioned ? "was decommissioned and is gone" : "is gone",
            why,
            decommissioned
                ? GOES_ON
                : " The log of executor "
                    + executor
                    + " holds the cause, often memory: what a stage has outside the heap counts in"
                    + " spark.executor.memoryOverhead."),
        cause);
  }

  /** Returns the exception for a job in which no rank had anything to say. */
  private static RuntimeException becauseSparkSays(Exception thrown) {
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      if (cause instanceof IllegalArgumentException badInput) {
        return refused(badInput);
      }
    }
    Optional<String> lacking = MissingJar.in(thrown);
    if (lacking.isPresent()) {
      return TrainingFailedException.of(Reason.JOB_FAILED, lacking.get(), thrown);
    }
    if (thrown instanceof RuntimeException runtime && !(thrown instanceof SparkException)) {
      return runtime;
    }
    String words = "Spark ended the job: " + Sentence.of(String.valueOf(thrown.getMessage()));
    return TrainingFailedException.of(Reason.JOB_FAILED, words, thrown);
  }

  private static IllegalArgumentException refused(IllegalArgumentException badInput) {
    return badInput instanceof RefusedRowsException rows ? rows.onDriver() : badInput;
  }

  private static TrainingFailedException explained(
      Reason reason, int rank, String message, Throwable cause, Exception thrown) {
    TrainingFailedException explained = TrainingFailedException.of(reason, rank, message, cause);
    if (cause != thrown) {
      explained.addSuppressed(thrown);
    }
    return explained;
  }
}
