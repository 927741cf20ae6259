package io.penstock.event;

import io.penstock.train.RankTimes;
import io.penstock.train.Validation;
import java.util.List;
import java.util.Locale;

/**
 * An epoch is done on all ranks.
 *
 * @param epoch counted from 0
 * @param epochs how many there will be at most
 * @param rows trained on
 * @param loss mean loss of a row
 * @param validation what was measured on the validation rows after that; null if there are none
 * @param seconds from the epoch's first action to its last update, without validation
 * @param rowsPerSecond rows trained on per second
 * @param bubble the share of the ranks' time in which they did not compute, 0 to 1
 * @param ranks by rank, what it did with its time and what it moved
 */
public record EpochCompleted(
    String runId,
    long time,
    int epoch,
    int epochs,
    long rows,
    double loss,
    Validation validation,
    double seconds,
    double rowsPerSecond,
    double bubble,
    List<RankTimes> ranks)
    implements RunEvent {

  /** Copies the list. */
  public EpochCompleted {
    ranks = List.copyOf(ranks);
  }

  /** Returns, by rank, the share of the epoch in which it computed, 0 to 1. */
  public List<Double> busy() {
    return ranks.stream().map(rank -> Math.min(1, rank.busySeconds() / seconds)).toList();
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
