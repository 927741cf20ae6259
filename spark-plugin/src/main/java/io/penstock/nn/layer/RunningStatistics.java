package io.penstock.nn.layer;

import io.penstock.array.HostNumbers;
import io.penstock.array.Numbers;
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
    norms.addMoments(rows, mean, variance, mean(), sums.get(MEAN), sums.get(VARIANCE));
    increase(sums.get(STEPS), rows);
  }

  /** Moves towards a mini-batch's mean and variance by this share of the way. */
  void update(Parameters sums, double share, Norms norms) {
    double rows = Numbers.of(sums.get(STEPS)).get(0);
    if (rows == 0) {
      return;
    }
    norms.follow(rows, sums.get(MEAN), sums.get(VARIANCE), share, mean(), variance());
    increase(parameters.get(STEPS), 1);
    parameters.changed();
  }

  private static void increase(INDArray count, long by) {
    double before = Numbers.of(count).get(0);
    try (HostNumbers number = HostNumbers.into(count)) {
      number.numbers().put(0, before + by);
    }
  }
}
