package io.penstock.event;

import io.penstock.train.RankTimes;
import io.penstock.train.Validation;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/**
 * Event: an epoch is done on all ranks. Immutable.
 *
 * @param runId the run, among those of the application
 * @param time when it happened, in milliseconds since 1970
 * @param epoch counted from 0
 * @param epochs planned epochs, of which early stopping may leave some out
 * @param rows trained on in this epoch; of one in which the run has gone on, those since
 * @param loss mean loss of a row
 * @param validation loss and metric on the validation rows after that; null if there are none
 * @param seconds from the epoch's first action to its last update, without validation; of one in
 *     which the run has gone on, from its first action since
 * @param rowsPerSecond rows trained on per second
 * @param bubble the share of the ranks' time in which they did not compute, 0 to 1
 * @param ranks times and traffic, by rank
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

  /** Returns, by rank, the share of the epoch in which the rank computed, 0 to 1. */
  public List<Double> busy() {
    return ranks.stream().map(rank -> Math.min(1, rank.busySeconds() / seconds)).toList();
  }

  /**
   * Returns the share of the gradients from other replicas, in bytes, that was there when the
   * backward of the rank that sums them was over, 0 to 1; empty without replicas.
   */
  public static OptionalDouble exchangeBeside(List<EpochCompleted> epochs) {
    List<RankTimes> all = epochs.stream().flatMap(epoch -> epoch.ranks().stream()).toList();
    double bytes = all.stream().mapToDouble(RankTimes::gradientBytes).sum();
    double beside = all.stream().mapToDouble(RankTimes::besideBytes).sum();
    return bytes == 0 ? OptionalDouble.empty() : OptionalDouble.of(beside / bytes);
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
