package io.penstock.checkpoint;

import io.penstock.Internal;
import java.io.Serializable;

/**
 * State of a run between two steps, besides that of its layers: position in the data, loss so far,
 * early stopping. Not to be changed once made; then any thread may read it.
 *
 * @param epoch the epoch of the next step, counted from 0
 * @param stepOfEpoch the next step within that epoch, counted from 0
 * @param step steps done, over all epochs, which is the next step's number
 * @param epochScore sum of the rows' losses in the epoch so far
 * @param epochWeight divisor of that sum: see {@link io.penstock.nn.Loss#weight}
 * @param stopping state of early stopping
 * @param skippedInARow steps that were skipped last for bad numbers, one after the other
 * @param skipped steps that were skipped in all
 * @param stepLosses mean loss of a row in every step done, of very many the newest; NaN where
 *     nothing in it counts
 */
@Internal
public record TrainingState(
    int epoch,
    int stepOfEpoch,
    int step,
    double epochScore,
    double epochWeight,
    Stopping stopping,
    int skippedInARow,
    long skipped,
    double[] stepLosses)
    implements Serializable {
  /** Beginning of a run. */
  public static final TrainingState START =
      new TrainingState(0, 0, 0, 0, 0, Stopping.START, 0, 0, new double[0]);

  /**
   * Checks that nothing is negative.
   *
   * @throws IllegalArgumentException if something is
   */
  public TrainingState {
    if (epoch < 0 || stepOfEpoch < 0 || step < 0 || step < stepOfEpoch) {
      throw new IllegalArgumentException(
          "A run is not at step "
              + step
              + ", which is step "
              + stepOfEpoch
              + " of epoch "
              + epoch
              + ": these are counted from 0.");
    }
  }

  /**
   * State of early stopping.
   *
   * @param best lowest loss of an epoch so far; infinite before the first
   * @param bestEpoch the epoch, from 0, whose weights are kept; -1 for none
   * @param epochsInARow epochs since without a better one
   * @param over whether the run has ended by this rule
   */
  public record Stopping(double best, int bestEpoch, int epochsInARow, boolean over)
      implements Serializable {
    /** Before the first epoch is done. */
    public static final Stopping START = new Stopping(Double.POSITIVE_INFINITY, -1, 0, false);
  }

  /** Returns the position in words, counted from 1 as people do. */
  public String position() {
    return "step " + step + " (epoch " + (epoch + 1) + ")";
  }
}
