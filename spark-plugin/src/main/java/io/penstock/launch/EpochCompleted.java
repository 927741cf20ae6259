package io.penstock.launch;

import io.penstock.train.Validation;
import java.util.List;
import java.util.Locale;
import org.apache.spark.scheduler.SparkListenerEvent;

/**
 * An epoch is done on all ranks. Posted on Spark's listener bus: a {@code SparkListener} gets it in
 * {@code onOtherEvent}.
 *
 * @param runId which run of this application
 * @param epoch counted from 0
 * @param epochs how many there will be at most
 * @param rows trained on
 * @param loss mean loss of a row
 * @param validation what was measured on the validation rows after that; null if there are none
 * @param seconds from the epoch's first action to its last update, without validation
 * @param rowsPerSecond rows trained on per second
 * @param bubble the share of the ranks' time in which they did not compute, 0 to 1
 * @param busy by rank, the share of its time in which it computed, 0 to 1
 */
public record EpochCompleted(
    String runId,
    int epoch,
    int epochs,
    long rows,
    double loss,
    Validation validation,
    double seconds,
    double rowsPerSecond,
    double bubble,
    List<Double> busy)
    implements SparkListenerEvent {

  /** Copies the list. */
  public EpochCompleted {
    busy = List.copyOf(busy);
  }

  @Override
  public boolean logEvent() {
    return true;
  }

  /** Returns the epoch in a line, for a log. */
  public String line() {
    String validated =
        validation == null
            ? ""
            : String.format(
                Locale.ROOT,
                ", validation loss %.6f, %s %.4f",
                validation.loss(),
                validation.metric(),
                validation.value());
    return String.format(
        Locale.ROOT,
        "epoch %d of %d: loss %.6f%s, %.0f rows/s, bubble %.1f %%",
        epoch + 1,
        epochs,
        loss,
        validated,
        rowsPerSecond,
        100 * bubble);
  }
}
