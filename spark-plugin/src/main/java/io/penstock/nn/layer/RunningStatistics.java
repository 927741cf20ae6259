package io.penstock.nn.layer;

import io.penstock.compute.Norms;
import io.penstock.nn.Parameters;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Running mean and variance of every channel over the mini-batches so far. For one thread at a
 * time. What a mini-batch's rows add up to is gathered as distances from the running mean, which
 * stays the same meanwhile: plain sums of squares would lose a small variance beside a large mean.
 *
 * @param parameters the layer's
 */
record RunningStatistics(Parameters parameters) {
  static final String MEAN = "mean";
  static final String VARIANCE = "variance";

  /** Name of the number of updates; in the sums, of the number of rows. */
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
  void add(long rows, INDArray mean, INDArray variance, Parameters sums, Norms norms) {
    norms.addMoments(
        rows, mean, variance, mean(), sums.get(MEAN), sums.get(VARIANCE), sums.get(STEPS));
  }

  /** Moves towards a mini-batch's mean and variance by this share of the way. */
  void update(Parameters sums, double share, Norms norms) {
    norms.follow(
        sums.get(MEAN),
        sums.get(VARIANCE),
        sums.get(STEPS),
        share,
        mean(),
        variance(),
        parameters.get(STEPS));
    parameters.changed();
  }
}
