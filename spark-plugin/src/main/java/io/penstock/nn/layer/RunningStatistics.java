package io.penstock.nn.layer;

import io.penstock.array.Numbers;
import io.penstock.nn.Parameters;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Mean and variance of every channel over the mini-batches so far. What a mini-batch's rows add up
 * to is gathered as distances from the running mean, which stays the same meanwhile: plain sums of
 * squares would lose a small variance beside a large mean. Channels are few: a loop over them takes
 * a hundredth of the time of ND4J's operations.
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
  void add(long rows, INDArray mean, INDArray variance, Parameters sums) {
    Numbers running = Numbers.of(mean());
    Numbers means = Numbers.of(mean);
    Numbers variances = Numbers.of(variance);
    Numbers sumOfMeans = Numbers.into(sums.get(MEAN));
    Numbers sumOfSquares = Numbers.into(sums.get(VARIANCE));
    for (int channel = 0; channel < mean.length(); channel++) {
      double distance = means.get(channel) - running.get(channel);
      double square = distance * distance + variances.get(channel);
      sumOfMeans.put(channel, sumOfMeans.get(channel) + rows * distance);
      sumOfSquares.put(channel, sumOfSquares.get(channel) + rows * square);
    }
    Numbers steps = Numbers.into(sums.get(STEPS));
    steps.put(0, steps.get(0) + rows);
  }

  /** Moves towards a mini-batch's mean and variance by this share of the way. */
  void update(Parameters sums, double share) {
    double rows = Numbers.of(sums.get(STEPS)).get(0);
    if (rows == 0) {
      return;
    }
    Numbers means = Numbers.into(mean());
    Numbers variances = Numbers.into(variance());
    Numbers sumOfMeans = Numbers.of(sums.get(MEAN));
    Numbers sumOfSquares = Numbers.of(sums.get(VARIANCE));
    for (int channel = 0; channel < mean().length(); channel++) {
      double distance = sumOfMeans.get(channel) / rows;
      double variance = sumOfSquares.get(channel) / rows - distance * distance;
      means.put(channel, means.get(channel) + share * distance);
      double running = variances.get(channel);
      variances.put(channel, running + share * (variance - running));
    }
    Numbers steps = Numbers.into(parameters.get(STEPS));
    steps.put(0, steps.get(0) + 1);
    parameters.changed();
  }
}
