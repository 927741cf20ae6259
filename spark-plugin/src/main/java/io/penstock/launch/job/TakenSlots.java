package io.penstock.launch.job;

import io.penstock.conf.Settings;
import io.penstock.launch.cluster.WaitingJob;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.spark.SparkContext;

/**
 * Slots that tasks of a run's failed attempt still take: Spark has given these up, but code that
 * hears of no interrupt goes on, and the next barrier job waits for the slot without end. For one
 * thread of the driver.
 *
 * @param tasks of the run
 * @param old those of the failed attempt
 */
record TakenSlots(SparkContext context, JobTasks tasks, Set<Long> old) {
  private static final long PAUSE_MILLIS = 20;

  /** Returns those of the attempt that has just failed. */
  static TakenSlots now(SparkContext context, JobTasks tasks) {
    return new TakenSlots(context, tasks, tasks.atWork().keySet());
  }

  private Set<String> executors() {
    Map<Long, String> left = new HashMap<>(tasks.atWork());
    left.keySet().retainAll(old);
    return Set.copyOf(left.values());
  }

  /**
   * Waits until none of the tasks is at work; has the executors replaced of those that take longer
   * than a rank may stall.
   *
   * @param waiting the job of the wait
   */
  void free(WaitingJob waiting) {
    long millis =
        Settings.STALL_TIMEOUT
            .given(context.getConf())
            .orElse(TimeUnit.NANOSECONDS.toMillis(StallWatch.LEAST_NANOS));
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    while (!executors().isEmpty()) {
      if (System.nanoTime() > deadline) {
        if (millis > 0) {
          executors().forEach(one -> replace(context, one, "Executor " + one));
        }
        return;
      }
      waiting.pause(PAUSE_MILLIS);
    }
  }

  /**
   * Has an executor replaced, so that its slot comes back, and logs whether that can be done.
   *
   * @param holder of the slot, in words that begin a sentence
   */
  static void replace(SparkContext context, String executor, String holder) {
    Replacement.ask(
        context,
        executor,
        holder + " does not let go of a task that has ended",
        "its slot stays taken");
  }
}
