package io.penstock.launch.job;

import io.penstock.checkpoint.LayerState;
import io.penstock.checkpoint.TrainingState;
import io.penstock.launch.job.Pulse.Phase;
import io.penstock.train.EpochReport;
import io.penstock.train.Progress;
import io.penstock.train.SkippedStep;
import io.penstock.train.StepReport;
import java.util.Map;

/**
 * Progress that is noted in the rank's activity on its way to another listener. For the rank's
 * thread.
 */
record WatchedProgress(Progress progress, RankActivity activity) implements Progress {
  @Override
  public void stepTook(long nanos) {
    activity.stepTook(nanos);
    progress.stepTook(nanos);
  }

  @Override
  public void stepDone(StepReport report) {
    progress.stepDone(report);
  }

  @Override
  public void stepSkipped(SkippedStep step) {
    progress.stepSkipped(step);
  }

  @Override
  public boolean writesCheckpoints() {
    return progress.writesCheckpoints();
  }

  @Override
  public boolean isCheckpointDue(int step, int epoch, boolean epochDone) {
    return progress.isCheckpointDue(step, epoch, epochDone);
  }

  @Override
  public void checkpoint(TrainingState run, Map<Integer, LayerState> layers)
      throws InterruptedException {
    activity.enter(Phase.GIVING_WEIGHTS);
    progress.checkpoint(run, layers);
    activity.enter(Phase.RUNNING);
  }

  @Override
  public void epochDone(EpochReport report) {
    in(Phase.TELLING, () -> progress.epochDone(report));
  }

  private void in(Phase phase, Runnable work) {
    activity.enter(phase);
    work.run();
    activity.enter(Phase.RUNNING);
  }
}
