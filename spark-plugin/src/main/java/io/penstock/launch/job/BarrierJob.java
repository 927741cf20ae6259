package io.penstock.launch.job;

import io.penstock.launch.JavaSerialized;
import io.penstock.launch.cluster.ExecutorWatch;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.apache.spark.SparkContext;
import org.apache.spark.rdd.RDD;
import org.apache.spark.resource.ResourceProfile;
import scala.reflect.ClassTag$;

/**
 * Barrier job with one task a rank, each on an executor of its own, that ends with the first cause
 * when a rank fails. For one thread of the driver.
 *
 * @param context the application's
 * @param profile resource profile of its tasks; empty for the default
 * @param monitor of what the driver hears from the ranks
 * @param checkpoints takes ranks' parts of checkpoints, and says whether one is complete
 * @param checkpointNow whether the leading rank is to take a checkpoint; asked once a second on a
 *     thread of Spark's, so it must not wait
 */
record BarrierJob(
    SparkContext context,
    Optional<ResourceProfile> profile,
    RunMonitor monitor,
    Predicate<CheckpointPart> checkpoints,
    BooleanSupplier checkpointNow) {
  /**
   * Longest wait for tasks of a job that has ended. One in the middle of a long kernel ends when
   * that does, and one on a machine that is cut off not before Spark gives it up.
   */
  private static final long MOST_SECONDS = 10;

  /** Makes a job without checkpoints. */
  BarrierJob(SparkContext context, Optional<ResourceProfile> profile, RunMonitor monitor) {
    this(context, profile, monitor, part -> false, () -> false);
  }

  /**
   * Runs the job, in the caller's {@link JobScope}. If it fails, returns once its tasks have ended
   * too, as far as they are heard of: their files, ports and memory are gone then.
   *
   * @param rows one partition a rank
   * @return the ranks' results, by rank
   * @throws TrainingFailedException if a rank failed or refused its input or the run stood still,
   *     the job was cancelled, or the caller was interrupted, which cancels it
   */
  <T, R> List<R> run(RDD<T> rows, RankTask<T, R> task, Class<R> result) {
    Rendezvous rendezvous = new Rendezvous(rows.getNumPartitions());
    try (JobTasks tasks = new JobTasks(context, task.runId());
        ExecutorWatch watch = new ExecutorWatch(context, rendezvous::on, monitor::leaving);
        StallGuard guard =
            new StallGuard(
                context,
                task.runId(),
                rows.getNumPartitions(),
                executor -> watch.removed(executor).isPresent(),
                checkpointNow);
        DriverEndpoint endpoint =
            new DriverEndpoint(
                task.attemptId(), monitor, rendezvous, checkpoints, guard::heard, watch::heard)) {
      try {
        RDD<byte[]> ranks =
            rows.barrier().mapPartitions(task, false, ClassTag$.MODULE$.apply(byte[].class));
        profile.ifPresent(ranks::withResources);
        byte[][] results = (byte[][]) ranks.collect();
        return Arrays.stream(results)
            .map(bytes -> result.cast(JavaSerialized.value(bytes)))
            .toList();
      } catch (Exception thrown) {
        if (Cancellation.isInterruption(thrown)) { // Spark would leave the job and its slots
          RunJobs.cancel(context, task.runId());
        }
        guard.outcome().ifPresent(stall -> monitor.decide(stall.failure(thrown)));
        // While the endpoint is open, for ranks that still have to say something.
        FailureDiagnosis diagnosis =
            new FailureDiagnosis(monitor, rendezvous, watch, FailureDiagnosis.PATIENCE_SECONDS);
        TrainingFailedException failed = guard.blamed(diagnosis.firstCause(thrown));
        tasks.awaitEnd(MOST_SECONDS);
        monitor.ended(failed.failure());
        throw failed;
      }
    }
  }
}
