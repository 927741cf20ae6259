package io.penstock.launch.job;

import io.penstock.event.FailureKind;
import io.penstock.event.RankPlace;
import io.penstock.feed.RefusedRowsException;
import io.penstock.launch.SparkMessages;
import io.penstock.launch.SparkMessages.LostTask;
import io.penstock.launch.cluster.ExecutorWatch;
import io.penstock.launch.cluster.MissingJar;
import io.penstock.launch.job.RankFailure.LostPeer;
import io.penstock.link.LostPeerException.Loss;
import java.util.Optional;
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

  /** Returns the exception to throw in place of the one that Spark's job ended with. */
  TrainingFailedException firstCause(Exception thrown) {
    RunFailure failure = found(thrown);
    boolean wanted =
        Cancellation.isInterruption(thrown)
            || (monitor.verdict().isEmpty() && Cancellation.causes(thrown));
    if (wanted && failure.kind().recoverable()) { // nobody wants it to go on
      failure = cancelled(thrown);
    }
    TrainingFailedException explained = new TrainingFailedException(failure);
    if (failure.cause() != thrown) {
      explained.addSuppressed(thrown);
    }
    return explained;
  }

  private RunFailure found(Exception thrown) {
    if (monitor.verdict().isPresent()) {
      return monitor.verdict().get();
    }
    if (monitor.firstOwnFailure().isEmpty() && !Cancellation.causes(thrown)) {
      awaitNewsOfTheLost();
    }
    if (monitor.firstOwnFailure().isPresent()) {
      return rankFailed(monitor.firstOwnFailure().get(), thrown);
    }
    if (Cancellation.causes(thrown)) {
      // Ranks that only suffered, when Spark cancelled them, have less to say than Spark.
      return cancelled(thrown);
    }
    Optional<LostTask> lost = SparkMessages.lostTask(thrown); // no peer was there to miss it
    if (lost.isPresent()) {
      LostTask task = lost.get();
      return executorLost(task.partition(), task.executor(), task.reason(), thrown);
    }
    Optional<RankFailure> bereaved = monitor.firstThatLostAPeer();
    return bereaved.isPresent() ? peerLost(bereaved.get(), thrown) : jobFailed(thrown);
  }

  private static RunFailure cancelled(Exception thrown) {
    String words =
        Cancellation.isInterruption(thrown)
            ? FailureWords.INTERRUPTED
            : FailureWords.sparkEnded(thrown);
    return RunFailure.of(FailureKind.CANCELLED, words, thrown);
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

  /** Returns the failure of a rank that failed by itself. */
  private static RunFailure rankFailed(RankFailure failure, Exception thrown) {
    Throwable cause = failure.cause().orElse(thrown);
    if (failure.kind() == FailureKind.REFUSED_INPUT
        && cause instanceof IllegalArgumentException refused) {
      return RunFailure.of(
          failure.kind(), failure.place(), FailureWords.of(refused), onDriver(refused));
    }
    String words = MissingJar.in(cause).orElseGet(() -> FailureWords.rankFailed(failure));
    return RunFailure.of(failure.kind(), failure.place(), words, cause);
  }

  /** Returns the failure of a rank that another one has lost. */
  private RunFailure peerLost(RankFailure bereaved, Exception thrown) {
    LostPeer lost = bereaved.lost();
    Throwable cause = bereaved.cause().orElse(thrown);
    Optional<RankPlace> place = rendezvous.place(lost.rank());
    if (lost.loss() != Loss.CONNECTION) { // its own word did not come, only what its peers heard
      String words = FailureWords.peerFailed(lost);
      return RunFailure.of(FailureKind.EXCEPTION, lost.rank(), place, words, cause);
    }
    Optional<String> removed = place.flatMap(there -> watch.removed(there.executor()));
    if (removed.isPresent()) {
      return executorLost(lost.rank(), place.get().executor(), removed.get(), cause);
    }
    String words = FailureWords.linkBroken(bereaved, place, monitor.hasFailed(lost.rank()));
    return RunFailure.of(FailureKind.LINK_BROKEN, lost.rank(), place, words, cause);
  }

  /** Returns the failure by an executor that is gone. */
  private RunFailure executorLost(int rank, String executor, String reason, Throwable cause) {
    boolean decommissioned = watch.wasLeaving(executor) || SparkMessages.isDecommission(reason);
    Optional<RankPlace> place = rendezvous.place(rank);
    return RunFailure.of(
        decommissioned ? FailureKind.DECOMMISSIONED : FailureKind.EXECUTOR_LOST,
        rank,
        place,
        FailureWords.executorLost(rank, executor, place, reason, decommissioned),
        cause);
  }

  /** Returns the failure of a job in which no rank had anything to say. */
  private static RunFailure jobFailed(Exception thrown) {
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      if (cause instanceof IllegalArgumentException refused) {
        return RunFailure.of(onDriver(refused));
      }
    }
    Optional<String> lacking = MissingJar.in(thrown);
    if (lacking.isPresent()) {
      return RunFailure.of(FailureKind.JOB_FAILED, lacking.get(), thrown);
    }
    return thrown instanceof SparkException
        ? RunFailure.of(FailureKind.JOB_FAILED, FailureWords.sparkEnded(thrown), thrown)
        : RunFailure.of(thrown);
  }

  private static IllegalArgumentException onDriver(IllegalArgumentException refused) {
    return refused instanceof RefusedRowsException rows ? rows.onDriver() : refused;
  }
}
