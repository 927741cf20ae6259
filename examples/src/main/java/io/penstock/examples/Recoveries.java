package io.penstock.examples;

import java.util.List;
import java.util.Locale;
import java.util.function.ToLongFunction;

/**
 * Recoveries of struck runs, and what they are made of.
 *
 * @param all in the order in which they ended
 */
record Recoveries(List<One> all) {
  private static final double MILLIS = 1e3;

  /**
   * One recovery, from what was done to an executor to the next step. Times are milliseconds since
   * 1970.
   *
   * @param struck when that was
   * @param failed when the failure was known
   * @param again when the run started again
   * @param ready when all ranks had their rows and each other
   * @param step when the next step was done
   */
  record One(long struck, long failed, long again, long ready, long step) {
    double seconds() {
      return (step - struck) / MILLIS;
    }
  }

  /** The median, in seconds; 0 of none. */
  double median() {
    return median(one -> one.step() - one.struck());
  }

  /** The longest, in seconds; 0 of none. */
  double worst() {
    return all.stream().mapToDouble(One::seconds).max().orElse(0);
  }

  /** What they are made of, in words. */
  String parts() {
    return String.format(
        Locale.ROOT,
        "A recovery is made of (medians): %.2f s until the failure is known, %.2f s until the run"
            + " starts again, %.2f s until all ranks have executors, their rows and each other,"
            + " %.2f s until the next step.",
        median(one -> one.failed() - one.struck()),
        median(one -> one.again() - one.failed()),
        median(one -> one.ready() - one.again()),
        median(one -> one.step() - one.ready()));
  }

  private double median(ToLongFunction<One> millis) {
    long[] sorted = all.stream().mapToLong(millis).sorted().toArray();
    return sorted.length == 0 ? 0 : sorted[sorted.length / 2] / MILLIS;
  }
}
