package io.penstock.train;

import io.penstock.Internal;
import java.io.Serializable;

/**
 * Report on a step that all ranks skipped, by the one that met its first bad number. Immutable.
 *
 * @param rank the rank that says it
 * @param epoch counted from 0
 * @param step of the epoch, counted from 0
 * @param steps how many the epoch has
 * @param what in words: micro-batch, layer, and which of its numbers are not finite
 */
@Internal
public record SkippedStep(int rank, int epoch, int step, int steps, String what)
    implements Serializable {
  static SkippedStep of(int rank, BadNumber first) {
    return new SkippedStep(rank, first.epoch(), first.step(), first.steps(), first.what());
  }

  /** Returns which step of its epoch was skipped, counted from 1, and why, in words. */
  public String text() {
    return "step " + (step + 1) + " of " + steps + " is skipped: " + what;
  }
}
