package io.penstock.launch.job;

import java.util.OptionalInt;

/**
 * Failure of a run. Immutable. {@link #reason} and {@link #rank} say what happened and to whom, for
 * programs; the message says it in words, with what to do. The cause is the first one of the first
 * rank that failed.
 */
public final class TrainingFailedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Reason why a run ended. */
  public enum Reason {
    /** A rank threw an exception or an error of its own, which is the cause. */
    RANK_FAILED,
    /** An executor with a rank is gone: its process ended, or it was decommissioned. */
    EXECUTOR_LOST,
    /** The connection between two ranks broke while both executors lived, as far as is known. */
    CONNECTION_LOST,
    /** A checkpoint could not be written by a rank or completed by the driver. */
    CHECKPOINT_FAILED,
    /** Somebody cancelled the run's Spark job, or interrupted the thread that waited for it. */
    CANCELLED,
    /** Something else on the driver failed that listens to the run. */
    DRIVER_FAILED,
    /** Spark ended the job for a reason of its own. */
    JOB_FAILED
  }

  private static final int NONE = -1;

  private final Reason reason;
  private final int rank;

  private TrainingFailedException(Reason reason, int rank, String message, Throwable cause) {
    super(message, cause);
    this.reason = reason;
    this.rank = rank;
  }

  /** Returns a failure that is of no single rank. */
  static TrainingFailedException of(Reason reason, String message, Throwable cause) {
    return new TrainingFailedException(reason, NONE, message, cause);
  }

  /** Returns a failure of a rank. */
  static TrainingFailedException of(Reason reason, int rank, String message, Throwable cause) {
    return new TrainingFailedException(reason, rank, message, cause);
  }

  /** Returns this failure with more in its message. */
  TrainingFailedException with(String hint) {
    if (hint.isEmpty()) {
      return this;
    }
    TrainingFailedException more =
        new TrainingFailedException(reason, rank, getMessage() + hint, getCause());
    for (Throwable suppressed : getSuppressed()) {
      more.addSuppressed(suppressed);
    }
    return more;
  }

  /** Returns the reason why the run ended. */
  public Reason reason() {
    return reason;
  }

  /**
   * Returns the rank that failed or was lost; of a lost connection, the one that the first rank to
   * notice has lost. Empty where it is of no single rank.
   */
  public OptionalInt rank() {
    return rank == NONE ? OptionalInt.empty() : OptionalInt.of(rank);
  }
}
