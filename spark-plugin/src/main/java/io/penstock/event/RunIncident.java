package io.penstock.event;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Map;

/**
 * Event: an incident of a run besides its epochs, such as a lost executor or a checkpoint.
 * Immutable.
 *
 * @param runId the run, among those of the application
 * @param time when it happened, in milliseconds since 1970
 * @param kind of the incident
 * @param failure kind of the failure; null unless the incident is one
 * @param rank that it happened to; -1 where it is of no single rank
 * @param host of that rank; null where that is not known, as in the logs of versions that did not
 *     tell it
 * @param epoch in which it happened, counted from 0; -1 where that is not known
 * @param seconds how long it took; 0 where it took none
 * @param text in words
 */
public record RunIncident(
    String runId,
    long time,
    Kind kind,
    FailureKind failure,
    int rank,
    String host,
    int epoch,
    double seconds,
    String text)
    implements RunEvent {
  /** Names that older versions gave failures as kinds of incidents. */
  private static final Map<String, FailureKind> FORMER_KINDS =
      Map.of(
          "EXECUTOR_LOST", FailureKind.EXECUTOR_LOST,
          "RANK_FAILED", FailureKind.EXCEPTION,
          "CONNECTION_LOST", FailureKind.LINK_BROKEN,
          "CHECKPOINT_FAILED", FailureKind.CHECKPOINT_FAILED);

  /** Kind of an incident. */
  public enum Kind {
    /** A checkpoint is complete; {@code seconds} is what the slowest rank took to write it. */
    CHECKPOINT,
    /** The run starts again with all ranks, from its newest checkpoint or the beginning. */
    RETRY,
    /** The network is cut anew, for another number of executors. */
    RECUT,
    /** The run, or one of its attempts, has failed; {@code failure} tells by what. */
    FAILURE,
    /** Spark is about to take the executor of a rank away. */
    DECOMMISSIONING,
    /** The loss got no better, so the run ends before its last epoch. */
    STOPPED_EARLY,
    /** A step was skipped on all ranks, for a number of it was NaN or infinite. */
    STEP_SKIPPED,
    /**
     * The ranks' processors or kernels differ, or are not those of the checkpoint that they go on
     * from, so that the last bits depend on the cut, or on where the run was interrupted.
     */
    UNLIKE_ARITHMETIC
  }

  /** Makes an incident that is no failure. */
  public RunIncident(
      String runId, long time, Kind kind, int rank, int epoch, double seconds, String text) {
    this(runId, time, kind, null, rank, null, epoch, seconds, text);
  }

  /**
   * Returns the incident of a failure.
   *
   * @param rank that failed or was lost; -1 where it is of no single rank
   * @param host of that rank; null where that is not known
   */
  public static RunIncident failure(
      String runId, long time, FailureKind failure, int rank, String host, String text) {
    return new RunIncident(runId, time, Kind.FAILURE, failure, rank, host, -1, 0, text);
  }

  /** Returns this incident in other words. */
  public RunIncident saying(String words) {
    return new RunIncident(runId, time, kind, failure, rank, host, epoch, seconds, words);
  }

  /** Reads an incident of an event log, be it an older version's. */
  @JsonCreator
  static RunIncident logged(
      @JsonProperty("runId") String runId,
      @JsonProperty("time") long time,
      @JsonProperty("kind") String kind,
      @JsonProperty("failure") FailureKind failure,
      @JsonProperty("rank") int rank,
      @JsonProperty("host") String host,
      @JsonProperty("epoch") int epoch,
      @JsonProperty("seconds") double seconds,
      @JsonProperty("text") String text) {
    FailureKind former = FORMER_KINDS.get(kind);
    return former != null
        ? failure(runId, time, former, rank, host, text)
        : new RunIncident(
            runId, time, Kind.valueOf(kind), failure, rank, host, epoch, seconds, text);
  }
}
