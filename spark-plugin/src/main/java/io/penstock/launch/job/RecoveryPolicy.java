package io.penstock.launch.job;

import io.penstock.conf.Settings;
import io.penstock.launch.cluster.NativeMemory;
import org.apache.spark.SparkConf;

/**
 * Policy of recovery: how often a run that fails starts again, and when. Immutable.
 *
 * @param maxFailures failures in a row, without a new checkpoint in between, of which the last ends
 *     the run; at least 1
 * @param backOffMillis pause after the first failure; it doubles with every further one in a row
 * @param waitMillis how long to wait for executors in place of lost ones
 */
record RecoveryPolicy(int maxFailures, long backOffMillis, long waitMillis) {
  private static final long MOST_PAUSE_MILLIS = 60_000;
  private static final int MOST_DOUBLINGS = 16;

  /** Spark's setting for its tasks, and what it has unless that is set. */
  private static final String TASK_FAILURES = "spark.task.maxFailures";

  private static final int USUAL_TASK_FAILURES = 4;

  /**
   * Checks that no time is negative.
   *
   * @throws IllegalArgumentException naming the setting, if one is
   */
  RecoveryPolicy {
    if (backOffMillis < 0 || waitMillis < 0) {
      throw new IllegalArgumentException(
          (backOffMillis < 0 ? Settings.BACK_OFF.key() : Settings.RECOVERY_WAIT.key())
              + " is negative; write a time of at least 0, such as 10s.");
    }
  }

  /** Returns the policy of an application, by its settings. */
  static RecoveryPolicy of(SparkConf conf) {
    int usual = NativeMemory.isLocal(conf) ? 1 : conf.getInt(TASK_FAILURES, USUAL_TASK_FAILURES);
    return new RecoveryPolicy(
        Settings.MAX_FAILURES.given(conf).orElse(usual),
        Settings.BACK_OFF.in(conf),
        Settings.RECOVERY_WAIT.in(conf));
  }

  /** Returns whether a run that has failed so many times in a row starts again. */
  boolean allows(int failuresInARow) {
    return failuresInARow < maxFailures;
  }

  /** Returns the pause before it starts again, in milliseconds; none where nothing has failed. */
  long pauseMillis(int failuresInARow) {
    if (failuresInARow == 0) {
      return 0;
    }
    int doublings = Math.min(failuresInARow - 1, MOST_DOUBLINGS);
    return Math.min(MOST_PAUSE_MILLIS, Math.min(MOST_PAUSE_MILLIS, backOffMillis) << doublings);
  }
}
