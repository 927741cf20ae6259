package io.penstock.launch.job;

import java.io.Serializable;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

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

  private static final Pattern NAME = Pattern.compile(PREFIX + "(\\d{6,9})-");

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
    Matcher matcher = NAME.matcher(name);
    return matcher.lookingAt() ? Integer.parseInt(matcher.group(1)) : -1;
  }
}
