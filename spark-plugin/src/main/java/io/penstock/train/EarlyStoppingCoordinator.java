package io.penstock.train;

import io.penstock.array.Loan;
import io.penstock.checkpoint.TrainingState;
import io.penstock.link.Channel;
import io.penstock.link.Tag;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Coordinates early stopping: the rank that knows the loss decides after every epoch, and tells all
 * others: each must leave the run after the same epoch, and keep the same epoch's weights. For the
 * rank's thread.
 */
final class EarlyStoppingCoordinator {
  /** Numbers of a decision: whether the epoch is better, and whether it is the last. */
  private static final int VERDICT = 2;

  private final RankContext context;
  private final EarlyStoppingMonitor watch;

  EarlyStoppingCoordinator(RankContext context, EarlyStopping rule, TrainingState.Stopping begun) {
    this.context = context;
    this.watch = new EarlyStoppingMonitor(rule, begun);
  }

  /** Returns what the rank that decides knows of the epochs so far: see the monitor's. */
  TrainingState.Stopping state(int bestEpoch, boolean over) {
    return watch.state(bestEpoch, over);
  }

  /** Lists the frames of this exchange. */
  static void list(FrameList frames) {
    frames.toAll(tag(0), frames.labelRank(), DataType.FLOAT, VERDICT);
  }

  private static Tag tag(int epoch) {
    return new Tag(new Channel.Verdict(), epoch, 0);
  }

  /**
   * Returns the decision on an epoch, the same on all ranks.
   *
   * @param loss the one that is watched; of no meaning on a rank that does not have the network's
   *     outputs
   */
  StopDecision after(int epoch, double loss) throws InterruptedException {
    Tag tag = tag(epoch);
    if (context.reports()) {
      StopDecision decision = watch.next(loss);
      if (context.plan().ranks() > 1) {
        INDArray said =
            Nd4j.createFromArray(decision.better() ? 1f : 0f, decision.last() ? 1f : 0f);
        context.exchange().tellAll(tag, said, context.topology().all());
      }
      return decision;
    }
    try (Loan said = context.exchange().take(tag)) {
      return new StopDecision(said.array().getFloat(0) > 0, said.array().getFloat(1) > 0);
    }
  }
}
