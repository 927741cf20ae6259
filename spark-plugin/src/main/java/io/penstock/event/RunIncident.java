package io.penstock.event;

/**
 * Event: an incident of a run besides its epochs, such as a lost executor or a checkpoint.
 * Immutable.
 *
 * @param runId the run, among those of the application
 * @param time when it happened, in milliseconds since 1970
 * @param kind of the incident
 * @param rank that it happened to; -1 where it is of no single rank
 * @param epoch in which it happened, counted from 0; -1 where that is not known
 * @param seconds how long it took; 0 where it took none
 * @param text in words
 */
public record RunIncident(
    String runId, long time, Kind kind, int rank, int epoch, double seconds, String text)
    implements RunEvent {
  /** Kind of an incident. */
  public enum Kind {
    /** A checkpoint is complete; {@code seconds} is what the slowest rank took to write it. */
    CHECKPOINT,
    /** Spark tries again, with all ranks. */
    RETRY,
    /** An executor with a rank is gone. */
    EXECUTOR_LOST,
    /** A rank failed by itself, not because a peer did. */
    RANK_FAILED,
    /** The connection between two ranks broke, though both executors live as far as is known. */
    CONNECTION_LOST,
    /** A checkpoint could not be written by a rank or completed by the driver. */
    CHECKPOINT_FAILED,
    /** Spark is about to take the executor of a rank away. */
    DECOMMISSIONING,
    /** The loss got no better, so the run ends before its last epoch. */
    STOPPED_EARLY,
    /** The ranks' processors or kernels differ, so that the last bits depend on the cut. */
    UNLIKE_ARITHMETIC
  }
}
