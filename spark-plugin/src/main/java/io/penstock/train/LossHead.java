package io.penstock.train;

import io.penstock.compute.Workspace;
import io.penstock.feed.Batches;
import io.penstock.feed.RankRows;
import io.penstock.nn.SampleWeights;
import io.penstock.nn.network.Sequential;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Loss head: computes the loss and its gradient from outputs and labels, on the rank of the last
 * stage. For the rank's thread.
 */
final class LossHead {
  private final PlacedLoss loss;
  private final Batches labels;
  private final Workspace pool;
  private final LossTally tally;
  private final StepWatch watch;
  private final OutputConsumer inferred;
  private int stepOfEpoch;

  /**
   * @param rows of which only the rank of the last stage reads the labels here
   * @param inferred gets the outputs that nothing is learnt from
   */
  LossHead(RankContext context, Sequential network, RankRows rows, OutputConsumer inferred) {
    this.labels = context.hasEnd() ? rows.labels() : null;
    this.pool = context.pool();
    this.loss = new PlacedLoss(network.loss(), pool);
    this.watch = context.watch();
    this.tally = new LossTally(network, labels, pool);
    this.inferred = inferred;
  }

  void startStep(int step, int microBatches, int rows) {
    stepOfEpoch = step;
    tally.startStep(step, microBatches, rows);
    inferred.startStep(microBatches);
  }

  /** Ends a step, on the rank that has the outputs only. */
  void endStep() {
    tally.endStep();
    inferred.endStep();
  }

  /** Writes the gradient of a micro-batch's outputs, and takes down its loss. */
  void gradient(int microBatch, INDArray output, INDArray gradient) {
    INDArray wanted = labels.microBatch(stepOfEpoch, microBatch);
    SampleWeights weights = tally.rowWeights(microBatch);
    double score = loss.gradient(output, wanted, weights, tally.scale(), gradient);
    watch.loss(microBatch, score, gradient);
    tally.put(microBatch, score);
    pool.giveElsewhere(wanted);
  }

  /** Hands on outputs that nothing is learnt from, and takes down their loss. */
  void infer(int microBatch, INDArray output) {
    INDArray wanted = labels.microBatch(stepOfEpoch, microBatch);
    SampleWeights weights = tally.rowWeights(microBatch);
    double score = loss.score(output, wanted, weights);
    watch.loss(microBatch, score, null);
    tally.put(microBatch, score);
    inferred.take(microBatch, output, wanted, weights);
    pool.giveElsewhere(wanted);
  }

  LossTally tally() {
    return tally;
  }
}
