package io.penstock.launch.job;

import io.penstock.Amount;
import java.io.Serializable;

/**
 * Rhythm of checkpoints: after how many epochs, steps or seconds there is one. Immutable. Several
 * may be given; each is met.
 *
 * @param epochs between two checkpoints; 0 for none by epochs
 * @param steps between two checkpoints; 0 for none by steps
 * @param seconds between two checkpoints, on the clock of the executor of the first stage; 0 for
 *     none by time
 */
public record CheckpointRhythm(int epochs, int steps, double seconds) implements Serializable {
  /**
   * Checks that there is some rhythm.
   *
   * @throws IllegalArgumentException if there is none, or a number is negative
   */
  public CheckpointRhythm {
    boolean none = epochs == 0 && steps == 0 && seconds == 0;
    if (none || epochs < 0 || steps < 0 || !(seconds >= 0) || Double.isInfinite(seconds)) {
      throw new IllegalArgumentException(
          "Checkpoints after every "
              + new Amount(epochs, "epoch")
              + ", "
              + new Amount(steps, "step")
              + " and "
              + seconds
              + " seconds; take numbers of at least 0, of which one is more.");
    }
  }

  /** Returns the rhythm of a checkpoint after every so many epochs. */
  public static CheckpointRhythm ofEpochs(int epochs) {
    return new CheckpointRhythm(epochs, 0, 0);
  }

  /** Returns the rhythm of a checkpoint after every so many steps. */
  public static CheckpointRhythm ofSteps(int steps) {
    return new CheckpointRhythm(0, steps, 0);
  }

  /**
   * Returns whether a checkpoint is due after an epoch that has to have one.
   *
   * @param epoch the one that is done, counted from 0
   */
  boolean isDueAfterEpoch(int epoch) {
    return epochs > 0 && (epoch + 1) % epochs == 0;
  }

  /** Returns whether one is due after this many steps since the last. */
  boolean isDueAfterSteps(int since) {
    return steps > 0 && since >= steps;
  }

  /** Returns whether one is due after so much time since the last. */
  boolean isDueAfterSeconds(double since) {
    return seconds > 0 && since >= seconds;
  }
}
