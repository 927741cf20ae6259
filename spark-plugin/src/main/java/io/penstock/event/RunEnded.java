package io.penstock.event;

/**
 * Event: a run is over. Immutable.
 *
 * @param runId the run, among those of the application
 * @param time when it happened, in milliseconds since 1970
 * @param outcome success, failure or cancellation
 * @param failure kind of the failure of a run that did not succeed; null if it did, and in the logs
 *     of versions that did not tell it
 * @param rank that failed or was lost; null where it is of no single rank or none failed
 * @param host of that rank; null where that is not known
 * @param cause the first cause of a run that did not succeed, in words; else empty
 * @param epochs that were done
 * @param bestEpoch the epoch, from 0, whose weights were kept, where validation rows told it; null
 *     where they are those of the last epoch
 * @param seconds since {@link RunStarted}
 * @param stepSeconds the median time of a step, from its start to the next one's; null if the run
 *     did not succeed
 * @param rowsPerSecond trained on, without the time of validation; null if it did not succeed
 * @param bubble the share of the ranks' time in which they did not compute, 0 to 1; null if it did
 *     not succeed
 */
public record RunEnded(
    String runId,
    long time,
    Outcome outcome,
    FailureKind failure,
    Integer rank,
    String host,
    String cause,
    int epochs,
    Integer bestEpoch,
    double seconds,
    Double stepSeconds,
    Double rowsPerSecond,
    Double bubble)
    implements RunEvent {
  /** Outcome of a run. */
  public enum Outcome {
    /** With a model. */
    SUCCEEDED,
    /** With an exception, at the latest after the first rank failed. */
    FAILED,
    /** Because somebody cancelled its Spark job. */
    CANCELLED
  }
}
