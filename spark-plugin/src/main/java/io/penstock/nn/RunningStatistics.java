package io.penstock.nn;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Mean and variance of every channel over the mini-batches so far. What a mini-batch's rows add up
 * to is gathered as distances from the running mean, which stays the same meanwhile: plain sums of
 * squares would lose a small variance beside a large mean.
 *
 * @param parameters the layer's
 */
record RunningStatistics(Parameters parameters) {
  static final String MEAN = "mean";
  static final String VARIANCE = "variance";

  /** How often they were updated; in the sums, how many rows there were. */
  static final String STEPS = "steps";

  INDArray mean() {
    return parameters.get(MEAN);
  }

  INDArray variance() {
    return parameters.get(VARIANCE);
  }

  /**
   * Adds a micro-batch: its rows times its mean and its mean square, both as seen from the running
   * mean.
   *
   * @param mean of each channel in the micro-batch
   * @param variance likewise, divided by their number
   */
  void add(long rows, INDArray mean, INDArray variance, Parameters sums, Memory memory) {
    INDArray distance = mean.sub(mean(), memory.like(mean));
    INDArray squares = distance.mul(distance, memory.like(mean)).addi(variance);
    sums.get(MEAN).addi(distance.muli(rows));
    sums.get(VARIANCE).addi(squares.muli(rows));
    sums.get(STEPS).addi(rows);
  }

  /** Moves towards a mini-batch's mean and variance by this share of the way. */
  void update(Parameters sums, double share) {
    double rows = sums.get(STEPS).getDouble(0);
    if (rows == 0) {
      return;
    }
    INDArray distance = sums.get(MEAN).div(rows);
    INDArray variance = sums.get(VARIANCE).div(rows).subi(distance.mul(distance));
    mean().addi(distance.muli(share));
    variance().addi(variance.subi(variance()).muli(share));
    parameters.get(STEPS).addi(1);
    parameters.changed();
  }
}
