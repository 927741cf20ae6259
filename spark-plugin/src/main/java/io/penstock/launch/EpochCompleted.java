package io.penstock.launch;

import org.apache.spark.scheduler.SparkListenerEvent;

/**
 * An epoch is done on all ranks. Posted on Spark's listener bus: a {@code SparkListener} gets it in
 * {@code onOtherEvent}.
 *
 * @param runId which run of this application
 * @param epoch counted from 0
 * @param epochs how many there will be
 * @param loss mean loss of a row
 * @param rowsPerSecond rows trained on per second
 * @param bubble the share of the ranks' time in which they did not compute, 0 to 1
 */
public record EpochCompleted(
    String runId, int epoch, int epochs, double loss, double rowsPerSecond, double bubble)
    implements SparkListenerEvent {
  @Override
  public boolean logEvent() {
    return true;
  }
}
