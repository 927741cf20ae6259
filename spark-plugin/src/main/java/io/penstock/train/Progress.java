package io.penstock.train;

import io.penstock.Internal;
import io.penstock.checkpoint.LayerState;
import io.penstock.checkpoint.TrainingState;
import java.util.Map;

/** Listener to a rank's progress. Called from the rank's own thread, which waits meanwhile. */
@Internal
@FunctionalInterface
public interface Progress {
  /**
   * Takes note that a step is done; called by every rank, so it must take no time.
   *
   * @param nanos the step's time on this rank, waiting included
   */
  default void stepTook(long nanos) {}

  /**
   * Takes note that a step is done; called by the rank that has the last layer only, so it must
   * take no time.
   */
  default void stepDone(StepReport report) {}

  /**
   * Takes note that a step was skipped by all ranks; called by the rank that met its first bad
   * number, after {@link #stepTook}.
   */
  default void stepSkipped(SkippedStep step) {}

  /** Returns whether the run leaves checkpoints; the same on all ranks. */
  default boolean writesCheckpoints() {
    return false;
  }

  /**
   * Decides whether a checkpoint is to follow a step; asked of the rank of the first stage only, as
   * it begins the step.
   *
   * @param step number of steps done by then
   * @param epoch epoch of the step after, counted from 0
   * @param epochDone whether the step is the last of its epoch
   */
  default boolean isCheckpointDue(int step, int epoch, boolean epochDone) {
    return false;
  }

  /**
   * Takes a checkpoint of this rank's layers, between two steps; behind {@link #epochDone} where
   * that was the last step of an epoch.
   *
   * @param run the run's state, of which losses and early stopping are known on the rank of the
   *     last stage only
   * @param layers by layer, those that own their weights; not to be changed nor kept, for the next
   *     step changes them
   */
  default void checkpoint(TrainingState run, Map<Integer, LayerState> layers)
      throws InterruptedException {}

  /** Takes note that an epoch is done on this rank. */
  void epochDone(EpochReport report);
}
