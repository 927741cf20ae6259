package io.penstock.examples;

import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.scheduler.SparkListenerStageCompleted;
import org.apache.spark.scheduler.SparkListenerTaskStart;
import scala.jdk.javaapi.CollectionConverters;

/**
 * When the last job with a shuffle came to what: that is the one that trains. All times in
 * milliseconds since 1970. Complete once the listener has heard all: when Spark has stopped.
 */
final class FitParts extends SparkListener {
  private long submitted;
  private long packed;
  private long launched;
  private int lastStage;

  @Override
  public synchronized void onJobStart(SparkListenerJobStart job) {
    if (job.stageInfos().size() == 1) {
      return; // no shuffle: no training
    }
    submitted = job.time();
    packed = submitted;
    launched = submitted;
    lastStage =
        CollectionConverters.asJava(job.stageInfos()).stream()
            .mapToInt(stage -> stage.stageId())
            .max()
            .orElse(-1);
  }

  @Override
  public synchronized void onStageCompleted(SparkListenerStageCompleted stage) {
    if (stage.stageInfo().stageId() < lastStage && stage.stageInfo().completionTime().isDefined()) {
      packed = Math.max(packed, (long) stage.stageInfo().completionTime().get());
    }
  }

  @Override
  public synchronized void onTaskStart(SparkListenerTaskStart task) {
    if (task.stageId() == lastStage) {
      launched = Math.max(launched, task.taskInfo().launchTime());
    }
  }

  /**
   * Adds the parts of the time from the call to the first step: what comes before the job, rows
   * read, packed and written for the shuffle, tasks launched, rows taken in and peers met.
   */
  synchronized Result addTo(Result result, long called, long firstStep) {
    return result
        .with("check_ms", submitted - called)
        .with("pack_ms", packed - submitted)
        .with("launch_ms", launched - packed)
        .with("take_in_ms", firstStep - launched);
  }
}
