package io.penstock.launch.job;

import org.apache.spark.SparkContext;

/** Spark jobs of a run, which carry its tag. Stateless. */
final class RunJobs {
  private RunJobs() {}

  /** Cancels them; a context that is stopped has done so. */
  static void cancel(SparkContext context, String runId) {
    try {
      context.cancelJobsWithTag(runId);
    } catch (IllegalStateException stopped) {
      if (!context.isStopped()) {
        throw stopped;
      }
    }
  }
}
