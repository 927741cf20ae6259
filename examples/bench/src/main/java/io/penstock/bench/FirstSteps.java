package io.penstock.bench;

import io.penstock.event.StepCompleted;
import java.util.OptionalDouble;

/**
 * What a run's first steps tell of its rate: the newest stretch between two reports, once the
 * compilers of JVM and kernels have had some seconds. For one thread.
 */
final class FirstSteps {
  /** Cold code is several times slower than warm code; after so long it is warm enough. */
  private static final long WARM_MILLIS = 3_000;

  private final int rowsOfEpoch;
  private StepCompleted first;
  private StepCompleted last;

  FirstSteps(int rowsOfEpoch) {
    this.rowsOfEpoch = rowsOfEpoch;
  }

  /**
   * Takes one more report of steps that are done.
   *
   * @return rows per second; empty as long as it is too early to tell
   */
  OptionalDouble heard(StepCompleted step) {
    StepCompleted before = last;
    last = step;
    if (first == null) {
      first = step;
    }
    if (before == null || step.time() - first.time() < WARM_MILLIS) {
      return OptionalDouble.empty();
    }
    return OptionalDouble.of(1e3 * (rows(step) - rows(before)) / (step.time() - before.time()));
  }

  /** Rows of all steps that were heard of. */
  long rows() {
    return last == null ? 0 : rows(last);
  }

  private long rows(StepCompleted step) {
    return (long) step.epoch() * rowsOfEpoch + step.rows();
  }
}
