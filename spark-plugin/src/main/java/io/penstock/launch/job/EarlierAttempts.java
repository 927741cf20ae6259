package io.penstock.launch.job;

import io.penstock.event.EpochCompleted;
import java.util.List;

/**
 * Record of what earlier attempts of a run have done, from which an attempt goes on. Immutable.
 *
 * @param epochs that were done, oldest first
 * @param skippedSteps steps that were skipped for bad numbers
 * @param arithmetic kinds of processor and kernels that they computed with; empty where they have
 *     left nothing
 */
record EarlierAttempts(List<EpochCompleted> epochs, long skippedSteps, List<String> arithmetic) {
  /** Nothing: the attempt begins from the beginning. */
  static final EarlierAttempts NONE = new EarlierAttempts(List.of(), 0, List.of());

  EarlierAttempts {
    epochs = List.copyOf(epochs);
    arithmetic = List.copyOf(arithmetic);
  }

  /** Returns what a checkpoint tells of them. */
  static EarlierAttempts of(SavedCheckpoint saved) {
    return new EarlierAttempts(
        EpochHistory.read(saved.manifest().epochs()),
        saved.manifest().state().skipped(),
        saved.manifest().arithmetic());
  }
}
