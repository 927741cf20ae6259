package io.penstock.launch.job;

import io.penstock.event.EpochCompleted;
import java.util.List;

/**
 * Record of what earlier attempts of a run have done, from which an attempt goes on. Immutable.
 *
 * @param epochs that were done, oldest first
 * @param skippedSteps steps that were skipped for bad numbers
 */
record EarlierAttempts(List<EpochCompleted> epochs, long skippedSteps) {
  /** Nothing: the attempt begins from the beginning. */
  static final EarlierAttempts NONE = new EarlierAttempts(List.of(), 0);

  EarlierAttempts {
    epochs = List.copyOf(epochs);
  }

  /** Returns what a checkpoint tells of them. */
  static EarlierAttempts of(SavedCheckpoint saved) {
    return new EarlierAttempts(
        EpochHistory.read(saved.manifest().epochs()), saved.manifest().state().skipped());
  }
}
