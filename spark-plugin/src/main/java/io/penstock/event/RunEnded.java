package io.penstock.event;

/**
 * A run is over.
 *
 * @param outcome how
 * @param cause the first cause of a run that did not succeed, in words; else empty
 * @param epochs that were done
 * @param bestEpoch the epoch, from 0, whose weights were kept, where validation rows told it; null
 *     where they are those of the last epoch
 * @param seconds since {@link RunStarted}
 * @param stepSeconds the median time from step to step; null if the run did not succeed
 * @param rowsPerSecond trained on, without the time of validation; null if it did not succeed
 * @param bubble the share of the ranks' time in which they did not compute, 0 to 1; null if it did
 *     not succeed
 */
public record RunEnded(
    String runId,
    long time,
    Outcome outcome,
    String cause,
    int epochs,
    Integer bestEpoch,
    double seconds,
    Double stepSeconds,
    Double rowsPerSecond,
    Double bubble)
    implements RunEvent {
  /** How a run may end. */
  public enum Outcome {
    /** With a model. */
    SUCCEEDED,
    /** With an exception, at the latest after the first rank failed. */
    FAILED,
    /** Because somebody cancelled its Spark job. */
    CANCELLED
  }
}
