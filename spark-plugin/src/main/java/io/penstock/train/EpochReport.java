package io.penstock.train;

import io.penstock.Internal;
import java.io.Serializable;
import java.util.List;

/**
 * Report of one rank on one epoch: rows, loss, times and validation. Immutable.
 *
 * @param rank the rank that says it
 * @param epoch counted from 0
 * @param rows rows trained on; of an epoch in which a run has gone on, those since
 * @param lossSum the sum of the rows' losses, on the rank that has the last layer; 0 elsewhere
 * @param weight divisor of that sum, in rows or labels (see {@link io.penstock.nn.Loss#weight}); 0
 *     elsewhere
 * @param times busy, waiting and moving times of the rank meanwhile
 * @param validation loss and metric on the validation rows after that, on the rank that has the
 *     last layer; null elsewhere, and where there are none
 * @param lastStep times of the compute actions of the epoch's last step
 */
@Internal
public record EpochReport(
    int rank,
    int epoch,
    long rows,
    double lossSum,
    double weight,
    RankTimes times,
    Validation validation,
    List<ActionTime> lastStep)
    implements Serializable {
  /** Copies the list. */
  public EpochReport {
    lastStep = List.copyOf(lastStep);
  }

  /**
   * Returns the loss that early stopping watches; of meaning on the rank of the last layer only.
   */
  double watchedLoss() {
    return validation != null ? validation.loss() : lossSum / weight;
  }

  /** Returns this report with the time that the rank's part of a checkpoint took. */
  public EpochReport withCheckpoint(double seconds) {
    return new EpochReport(
        rank, epoch, rows, lossSum, weight, times.withCheckpoint(seconds), validation, lastStep);
  }
}
