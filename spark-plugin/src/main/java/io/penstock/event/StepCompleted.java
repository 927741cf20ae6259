package io.penstock.event;

/**
 * Event: progress of an epoch, about once a second while it goes on; not in Spark's event log.
 * Immutable.
 *
 * @param runId the run, among those of the application
 * @param time when it happened, in milliseconds since 1970
 * @param epoch counted from 0
 * @param epochs planned epochs, of which early stopping may leave some out
 * @param step steps of this epoch that are done
 * @param steps of an epoch
 * @param rows of this epoch trained on so far
 * @param loss mean loss of a row in the last step; NaN where nothing in it counts
 * @param seconds since the epoch began
 */
public record StepCompleted(
    String runId,
    long time,
    int epoch,
    int epochs,
    int step,
    int steps,
    long rows,
    double loss,
    double seconds)
    implements RunEvent {
  @Override
  public boolean logEvent() {
    return false;
  }

  /** Returns the rows trained on per second in this epoch so far. */
  public double rowsPerSecond() {
    return rows / seconds;
  }
}
