package io.penstock.launch.job;

import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * Clock of the checkpoints on the rank that leads: says after which step the next is due. A
 * checkpoint that is due while the one before is still being written is put off until that is
 * complete, but for one after an epoch, which is waited for. For the rank's thread.
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
            || (idle
                && (asked.getAsBoolean()
                    || rhythm.isDue(step - lastStep, (now - lastNanos) / 1e9)));
    if (due) {
      lastStep = step;
      lastNanos = now;
    }
    return due;
  }
}
