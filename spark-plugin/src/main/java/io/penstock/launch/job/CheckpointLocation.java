package io.penstock.launch.job;

import java.io.Serializable;
import java.util.Locale;

/**
 * Places of the checkpoints that one attempt of a run writes. Immutable.
 *
 * @param run directory of the run's checkpoints
 * @param attempt name of the attempt, which no other has: a task that Spark has given up may still
 *     write, and must not write into another's checkpoint
 */
record CheckpointLocation(String run, String attempt) implements Serializable {
  /** Beginning of the names of checkpoints. */
  static final String PREFIX = "step-";

  /**
   * Returns the directory of a checkpoint.
   *
   * @param step number of steps done by then
   */
  String of(int step) {
    return String.format(Locale.ROOT, "%s/%s%06d-%s", run, PREFIX, step, attempt);
  }

  /** Returns the step in the name of a checkpoint's directory; -1 where there is none. */
  static int step(String name) {
    int end = name.indexOf('-', PREFIX.length());
    try {
      return name.startsWith(PREFIX) && end > 0
          ? Integer.parseInt(name.substring(PREFIX.length(), end))
          : -1;
    } catch (NumberFormatException notOurs) {
      return -1;
    }
  }
}
