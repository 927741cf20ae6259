package io.penstock.train;

import io.penstock.compute.Workspace;
import io.penstock.feed.Batches;
import io.penstock.nn.Loss;
import io.penstock.nn.SampleWeights;
import io.penstock.nn.network.Sequential;
import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Tally of the loss: the scores of the micro-batches, and the weight that a mini-batch's are
 * divided by, which is its rows or, by sample weights and labels, what the loss counts. For one
 * thread.
 */
final class LossTally {
  private final Loss loss;
  private final Workspace pool;

  /** Labels to weigh; null where all rows count alike, or this rank has none. */
  private final Batches weighed;

  private double[] scores = {};
  private SampleWeights[] rowWeights = {};
  private double weight;
  private double stepLoss = Double.NaN;
  private double epochScore;
  private double epochWeight;
  private double scoreBefore;
  private double weightBefore;

  /**
   * @param labels null on a rank that has none
   * @param pool hands the labels' arrays on
   */
  LossTally(Sequential network, Batches labels, Workspace pool) {
    this.loss = network.loss();
    this.pool = pool;
    boolean alike =
        labels == null || (loss.countsEveryRowOnce(network.output()) && !labels.weighted());
    this.weighed = alike ? null : labels;
  }

  void startEpoch() {
    startEpoch(0, 0);
  }

  /** Begins an epoch of which some steps are done already. */
  void startEpoch(double score, double weight) {
    epochScore = score;
    epochWeight = weight;
  }

  /** Weighs the whole mini-batch, before any of its gradients is scaled by that. */
  void startStep(int stepOfEpoch, int microBatches, int rows) {
    if (scores.length != microBatches) {
      scores = new double[microBatches];
      rowWeights = new SampleWeights[microBatches];
    }
    Arrays.fill(scores, 0);
    Arrays.fill(rowWeights, SampleWeights.ONE);
    weight = rows;
    if (weighed != null) {
      weight = 0;
      for (int microBatch = 0; microBatch < microBatches; microBatch++) {
        INDArray labels = weighed.microBatch(stepOfEpoch, microBatch);
        rowWeights[microBatch] = weighed.weights(stepOfEpoch, microBatch);
        weight += loss.weight(labels, rowWeights[microBatch]);
        pool.giveElsewhere(labels);
      }
    }
  }

  /** Returns the factor of gradients; 0 if nothing counts, so that nothing is learnt. */
  double scale() {
    return weight == 0 ? 0 : 1 / weight;
  }

  /** Returns the sample weights of a micro-batch's rows. */
  SampleWeights rowWeights(int microBatch) {
    return rowWeights[microBatch];
  }

  void put(int microBatch, double score) {
    scores[microBatch] = score;
  }

  /** Returns the losses of some micro-batches. */
  double[] scores(int from, int to) {
    return Arrays.copyOfRange(scores, from, to);
  }

  /** Ends a step, on a rank that has scores only. */
  void endStep() {
    // Summed in ascending order whatever the schedule's, as the gradients are.
    double score = 0;
    for (double one : scores) {
      score += one;
    }
    scoreBefore = epochScore;
    weightBefore = epochWeight;
    epochScore += score;
    epochWeight += weight;
    stepLoss = mean(score, weight);
  }

  /** Takes the last step out again, as if nothing in it counted. */
  void takeBack() {
    epochScore = scoreBefore;
    epochWeight = weightBefore;
    stepLoss = Double.NaN;
  }

  private static double mean(double score, double weight) {
    return weight == 0 ? Double.NaN : score / weight;
  }

  /** Returns the mean loss of the epoch; NaN where nothing counts. */
  double epochLoss() {
    return mean(epochScore, epochWeight);
  }

  double epochScore() {
    return epochScore;
  }

  double epochWeight() {
    return epochWeight;
  }

  /**
   * Returns the mean loss of a row in the last step; NaN where nothing in it counts, and on a rank
   * that has no scores.
   */
  double stepLoss() {
    return stepLoss;
  }
}
