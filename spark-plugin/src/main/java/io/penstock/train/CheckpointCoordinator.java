package io.penstock.train;

import io.penstock.array.Loan;
import io.penstock.checkpoint.LayerState;
import io.penstock.checkpoint.TrainingState;
import io.penstock.link.Channel;
import io.penstock.link.Tag;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntPredicate;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Coordinator of checkpoints: the rank of the first stage decides as it begins a step whether a
 * checkpoint follows it, and tells all others, so that what all ranks write is the state after one
 * and the same step. It is told ahead of the step's forwards, so nobody waits for it. For the
 * rank's thread.
 */
final class CheckpointCoordinator {
  private final RankContext context;
  private final Progress progress;
  private final Collection<Stage> stages;
  private final IntPredicate writes;
  private final LossTally tally;
  private final EarlyStoppingCoordinator stopping;
  private final StepSkipping skipping;
  private final StepHistory history;

  /** Whether a checkpoint follows the step, on the rank that decides. */
  private boolean due;

  /**
   * @param progress that decides, and takes the state
   * @param stages of the rank
   * @param writes whether this rank writes a layer, or another replica does
   * @param tally of the loss
   * @param stopping that knows the epochs so far
   * @param skipping that knows the steps skipped
   * @param history of the steps
   */
  CheckpointCoordinator(
      RankContext context,
      Progress progress,
      Collection<Stage> stages,
      IntPredicate writes,
      LossTally tally,
      EarlyStoppingCoordinator stopping,
      StepSkipping skipping,
      StepHistory history) {
    this.context = context;
    this.progress = progress;
    this.stages = stages;
    this.writes = writes;
    this.tally = tally;
    this.stopping = stopping;
    this.skipping = skipping;
    this.history = history;
  }

  private boolean decides() {
    return context.rank() == context.plan().featureRank();
  }

  /**
   * Begins a step.
   *
   * @param step steps done before this one
   * @param epoch of the step, counted from 0
   * @param epochEnds whether it is the last of its epoch
   */
  void begin(int step, int epoch, boolean epochEnds) {
    if (!progress.writesCheckpoints() || !decides()) {
      return;
    }
    due = progress.isCheckpointDue(step + 1, epoch, epochEnds);
    int ranks = context.plan().ranks();
    if (ranks > 1) {
      context
          .exchange()
          .tellAll(tag(step), Nd4j.createFromArray(due ? 1f : 0f), context.topology().all());
    }
  }

  /**
   * Ends a step: takes the checkpoint, if one was decided.
   *
   * @param epoch of the step after
   * @param stepOfEpoch of the step after
   * @param step steps done by now
   * @param bestEpoch whose weights are kept; -1 for none
   * @param over whether no step comes after, by early stopping
   */
  void end(int epoch, int stepOfEpoch, int step, int bestEpoch, boolean over)
      throws InterruptedException {
    if (!progress.writesCheckpoints() || !(decides() ? due : isTold(step - 1))) {
      return;
    }
    boolean within = stepOfEpoch > 0;
    Map<Integer, LayerState> layers = new TreeMap<>();
    stages.forEach(stage -> layers.putAll(stage.weights().states()));
    layers.keySet().removeIf(layer -> !writes.test(layer));
    progress.checkpoint(
        new TrainingState(
            epoch,
            stepOfEpoch,
            step,
            within ? tally.epochScore() : 0,
            within ? tally.epochWeight() : 0,
            stopping.state(bestEpoch, over),
            skipping.inARow(),
            skipping.count(),
            context.reports() ? history.losses() : new double[0]),
        layers);
  }

  private boolean isTold(int step) throws InterruptedException {
    try (Loan told = context.exchange().take(tag(step))) {
      return told.array().getFloat(0) > 0;
    }
  }

  /** Lists the frames of this exchange. */
  static void list(FrameList frames) {
    frames.toAll(tag(0), frames.featureRank(), DataType.FLOAT, 1);
  }

  private static Tag tag(int step) {
    return new Tag(new Channel.Checkpoint(), step, 0);
  }
}
