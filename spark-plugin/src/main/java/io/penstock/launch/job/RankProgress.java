package io.penstock.launch.job;

import io.penstock.checkpoint.LayerState;
import io.penstock.checkpoint.TrainingState;
import io.penstock.launch.cluster.ArrayLimit;
import io.penstock.launch.plugin.RankMetrics;
import io.penstock.train.EpochReport;
import io.penstock.train.Progress;
import io.penstock.train.SkippedStep;
import io.penstock.train.StepReport;
import java.util.Map;
import java.util.Optional;

/**
 * Progress of a rank, told to the driver and to metrics, and the rank's part of checkpoints. For
 * the rank's thread.
 */
final class RankProgress implements Progress {
  /** Pause between two steps that are told: a person could not follow more, and steps are short. */
  private static final long PAUSE_NANOS = 1_000_000_000;

  private final DriverEndpoint.Remote driver;
  private final Optional<CheckpointWriter> checkpoints;
  private final CheckpointClock due;
  private final RankMetrics metrics;
  private final ArrayLimit limit = ArrayLimit.here();
  private long told = System.nanoTime() - PAUSE_NANOS;
  private double checkpointSeconds;

  /**
   * @param due when the next checkpoint is
   */
  RankProgress(
      DriverEndpoint.Remote driver,
      Optional<CheckpointWriter> checkpoints,
      CheckpointClock due,
      RankMetrics metrics) {
    this.driver = driver;
    this.checkpoints = checkpoints;
    this.due = due;
    this.metrics = metrics;
  }

  @Override
  public void stepTook(long nanos) {
    limit.renew();
    metrics.stepTook(nanos);
    // Else a rank that does not lead would train on to its end: it is not asked for another one.
    checkpoints.ifPresent(CheckpointWriter::check);
  }

  @Override
  public void stepSkipped(SkippedStep step) {
    driver.ask(step); // counted there, so it must not get lost
  }

  @Override
  public void stepDone(StepReport report) {
    long now = System.nanoTime();
    if (now - told >= PAUSE_NANOS) {
      told = now;
      driver.send(report);
    }
  }

  @Override
  public boolean writesCheckpoints() {
    return checkpoints.isPresent();
  }

  @Override
  public boolean isCheckpointDue(int step, int epoch, boolean epochDone) {
    return due.isDue(step, epoch, epochDone, checkpoints.orElseThrow().isIdle());
  }

  @Override
  public void checkpoint(TrainingState run, Map<Integer, LayerState> layers)
      throws InterruptedException {
    long start = System.nanoTime();
    checkpoints.orElseThrow().take(run, layers);
    checkpointSeconds += (System.nanoTime() - start) / 1e9;
  }

  @Override
  public void epochDone(EpochReport report) {
    metrics.epochDone(checkpointSeconds);
    driver.ask(report.withCheckpoint(checkpointSeconds));
    checkpointSeconds = 0;
  }
}
