package io.penstock.launch.job;

import io.penstock.launch.plugin.RankMetrics;
import io.penstock.nn.Parameters;
import io.penstock.train.EpochReport;
import io.penstock.train.Progress;
import io.penstock.train.StepReport;
import java.util.Map;
import java.util.Optional;

/**
 * Progress of a rank, told to the driver and to metrics. After an epoch the rank's part of a
 * checkpoint comes first, so that one is whole when the driver has heard of all ranks. For the
 * rank's thread.
 */
final class RankProgress implements Progress {
  /** Pause between two steps that are told: a person could not follow more, and steps are short. */
  private static final long PAUSE_NANOS = 1_000_000_000;

  private final DriverEndpoint.Remote driver;
  private final Optional<CheckpointWriter> checkpoints;
  private final RankMetrics metrics;
  private long told = System.nanoTime() - PAUSE_NANOS;
  private double checkpointSeconds;

  RankProgress(
      DriverEndpoint.Remote driver, Optional<CheckpointWriter> checkpoints, RankMetrics metrics) {
    this.driver = driver;
    this.checkpoints = checkpoints;
    this.metrics = metrics;
  }

  @Override
  public void stepTook(long nanos) {
    metrics.stepTook(nanos);
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
  public void learnt(int epoch, Map<Integer, Parameters> layers) {
    long start = System.nanoTime();
    boolean written = checkpoints.isPresent() && checkpoints.get().write(epoch, layers);
    checkpointSeconds = written ? (System.nanoTime() - start) / 1e9 : 0;
  }

  @Override
  public void epochDone(EpochReport report) {
    metrics.epochDone(checkpointSeconds);
    driver.ask(report.withCheckpoint(checkpointSeconds));
  }
}
