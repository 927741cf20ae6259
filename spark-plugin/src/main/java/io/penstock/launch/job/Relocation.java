package io.penstock.launch.job;

import io.penstock.event.FailureKind;
import io.penstock.event.RunEvent;
import io.penstock.event.RunIncident;
import io.penstock.event.RunIncident.Kind;
import io.penstock.launch.cluster.ClusterOffer;
import org.apache.spark.SparkContext;

/**
 * Relocation of a run at a checkpoint: ends an attempt once its state is safe, to go on without
 * executors that Spark is about to take away, or with more than it has. Thread-safe.
 *
 * @param context the application's
 * @param runId the tag of the run's jobs
 * @param checkpoints of the run
 * @param ranks executors that the attempt has
 * @param wanted executors that the run would have
 */
record Relocation(
    SparkContext context, String runId, CheckpointKeeper checkpoints, int ranks, int wanted) {
  /**
   * Takes an event of an attempt, after it was told to others.
   *
   * @param monitor of the attempt
   */
  void heard(RunEvent event, RunMonitor monitor) {
    if (!(event instanceof RunIncident incident)) {
      return;
    }
    if (incident.kind() == Kind.DECOMMISSIONING) {
      checkpoints.ask();
    } else if (incident.kind() == Kind.CHECKPOINT) {
      if (monitor.isLeft()) {
        end(monitor, FailureWords.LEAVES);
      } else if (ranks < wanted && ClusterOffer.of(context).ranks(wanted) > ranks) {
        end(monitor, FailureWords.GROWS);
      }
    }
  }

  private void end(RunMonitor monitor, String words) {
    if (monitor.decide(RunFailure.of(FailureKind.MOVED, words, null))) {
      RunJobs.cancel(context, runId); // of this attempt: a late checkpoint ends no later one
    }
  }
}
