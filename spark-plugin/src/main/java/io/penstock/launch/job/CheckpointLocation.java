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
  /** Hexadecimal digits of an attempt's name. */
  static final int ATTEMPT_DIGITS = 8;

  /** Beginning of the names of checkpoints. */
  static final String PREFIX = "step-";

  private static final int STEP_DIGITS = 6;
  private static final String DIGITS = "0123456789";
  private static final String HEX_DIGITS = DIGITS + "abcdef";

  /**
   * Returns the directory of a checkpoint.
   *
   * @param step number of steps done by then
   */
  String of(int step) {
    return String.format(Locale.ROOT, "%s/%s%06d-%s", run, PREFIX, step, attempt);
  }

  /**
   * Returns the step in the name of a checkpoint's directory; -1 for a name that is none of ours:
   * other people's files may lie beside.
   */
  static int step(String name) {
    int end = name.lastIndexOf('-');
    boolean ours =
        name.startsWith(PREFIX)
            && end >= PREFIX.length() + STEP_DIGITS
            && all(name.substring(PREFIX.length(), end), DIGITS)
            && name.length() - end - 1 == ATTEMPT_DIGITS
            && all(name.substring(end + 1), HEX_DIGITS);
    try {
      return ours ? Integer.parseInt(name.substring(PREFIX.length(), end)) : -1;
    } catch (NumberFormatException tooLarge) {
      return -1;
    }
  }

  private static boolean all(String text, String of) {
    return text.chars().allMatch(one -> of.indexOf(one) >= 0);
  }

  /** Returns the name of the attempt in the name of a checkpoint's directory. */
  static String attempt(String name) {
    return name.substring(name.lastIndexOf('-') + 1);
  }
}
