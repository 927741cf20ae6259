package io.penstock.launch.job;

import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * Clock of the checkpoints on the rank that leads: says after which step the next is due. One by
 * epochs or steps is taken when it is due, so that no more steps than that can be lost: where the
 * file system takes longer, training waits for it. One by time, or at once, is put off until the
 * one before is complete. For the rank's thread.
 */
final class CheckpointClock {
  private final CheckpointRhythm rhythm;
  private final BooleanSupplier asked;
  private final LongSupplier nanos;
  private int lastStep;
  private long lastNanos;

  /**
   * @param step steps done when the run begins
   * @param asked whether the driver wants one at once
   * @param nanos the time, in nanoseconds
   */
  CheckpointClock(CheckpointRhythm rhythm, int step, BooleanSupplier asked, LongSupplier nanos) {
    this.rhythm = rhythm;
    this.asked = asked;
    this.nanos = nanos;
    this.lastStep = step;
    this.lastNanos = nanos.getAsLong();
  }

  /**
   * Returns whether a checkpoint follows a step; then the next is counted from there.
   *
   * @param step steps done by then
   * @param epoch of that step, from 0
   * @param epochDone whether it is the last of its epoch
   * @param idle whether the one before is complete
   */
  boolean isDue(int step, int epoch, boolean epochDone, boolean idle) {
    long now = nanos.getAsLong();
    boolean due =
        (epochDone && rhythm.isDueAfterEpoch(epoch))
            || rhythm.isDueAfterSteps(step - lastStep)
            || (idle
                && (asked.getAsBoolean() || rhythm.isDueAfterSeconds((now - lastNanos) / 1e9)));
    if (due) {
      lastStep = step;
      lastNanos = now;
    }
    return due;
  }
}
