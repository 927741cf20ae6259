package io.penstock.train;

import io.penstock.array.Loan;
import io.penstock.link.Channel;
import io.penstock.link.Tag;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Gathering of the losses of all replicas' micro-batches, on the rank that tells of them. For the
 * rank's thread.
 *
 * @param context of the rank
 * @param tally of the loss
 */
record LossGather(RankContext context, LossTally tally) {
  /** Lists the frames of this exchange. */
  static void list(FrameList frames) {
    TrainingPlan plan = frames.training();
    if (frames.rank() != plan.labelRank()) {
      return;
    }
    for (int replica = 1; replica < frames.topology().replicas(); replica++) {
      int from = frames.topology().rankOf(replica, plan.stages() - 1);
      int most = MicroBatchShare.of(plan.microBatches(), frames.topology().replicas(), 0).count();
      frames.upTo(new Channel.Losses(from), from, DataType.DOUBLE, most);
    }
  }

  /**
   * Gathers those of a step.
   *
   * @param microBatches of the whole mini-batch
   */
  void run(long step, int microBatches) throws InterruptedException {
    Topology topology = context.topology();
    if (!context.reports()) {
      MicroBatchShare own = share(topology.replicaOf(context.rank()), microBatches);
      if (own.count() > 0) {
        Tag tag = new Tag(new Channel.Losses(context.rank()), step, 0);
        double[] scores = tally.scores(own.first(), own.end());
        context.exchange().give(context.plan().labelRank(), tag, Nd4j.createFromArray(scores));
      }
      return;
    }
    for (int replica = 1; replica < topology.replicas(); replica++) {
      MicroBatchShare share = share(replica, microBatches);
      if (share.count() > 0) {
        int from = topology.rankOf(replica, topology.stages() - 1);
        try (Loan told = context.exchange().take(new Tag(new Channel.Losses(from), step, 0))) {
          double[] scores = told.array().toDoubleVector();
          for (int i = 0; i < share.count(); i++) {
            tally.put(share.first() + i, scores[i]);
          }
        }
      }
    }
  }

  private MicroBatchShare share(int replica, int microBatches) {
    return MicroBatchShare.of(microBatches, context.topology().replicas(), replica);
  }
}
