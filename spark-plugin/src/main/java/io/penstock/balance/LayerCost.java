package io.penstock.balance;

import java.util.Locale;

/**
 * Cost of one layer for one micro-batch: times and sizes. The times may be in any one unit, such as
 * FLOP or seconds; a backward takes both gradients' times. Immutable.
 *
 * @param forward time of the forward
 * @param inputGradient time of the input-gradient half of the backward
 * @param weightGradient time of the weight-gradient half of the backward
 * @param stateBytes bytes that live as long as the layer: weights, their gradients, the optimizer's
 *     state
 * @param keptBytes bytes that the layer adds to a micro-batch in flight, from its forward until its
 *     weight gradient; its input is what the layer before it adds, so it is not counted again
 * @param outputBytes bytes of its output, which is what crosses to the next stage if the cut is
 *     behind this layer; the gradient that comes back is as large
 */
public record LayerCost(
    double forward,
    double inputGradient,
    double weightGradient,
    long stateBytes,
    long keptBytes,
    long outputBytes) {

  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException if a time, their sum or a size is no finite number of at least
   *     0
   */
  public LayerCost {
    for (double time : new double[] {forward, inputGradient, weightGradient}) {
      if (!(time >= 0)) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "a layer's forward and gradients take %s, %s and %s; each is at least 0, in any"
                    + " unit",
                forward,
                inputGradient,
                weightGradient));
      }
    }
    if (Double.isInfinite(forward + inputGradient + weightGradient)) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "a layer's forward and gradients take %s, %s and %s; their sum must be finite",
              forward,
              inputGradient,
              weightGradient));
    }
    if (stateBytes < 0 || keptBytes < 0 || outputBytes < 0) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "a layer has state of %d bytes, keeps %d and puts out %d; none can be below 0",
              stateBytes,
              keptBytes,
              outputBytes));
    }
  }

  /** Returns the cost of a layer of which only the time is known; it takes no memory. */
  static LayerCost ofTime(double time) {
    return new LayerCost(time, 0, 0, 0, 0, 0);
  }

  /**
   * Returns how much of what is kept is surely not there before the backward: the gradient of the
   * output, where there is room for both in what is kept. All else may be there from the forward
   * on.
   */
  long gradientBytes() {
    return keptBytes >= 2 * outputBytes ? outputBytes : 0;
  }

  /** Returns the time of forward and backward. */
  public double time() {
    return forward + inputGradient + weightGradient;
  }

  /** Returns these sizes with other times. */
  LayerCost withTimes(double forward, double inputGradient, double weightGradient) {
    return new LayerCost(
        forward, inputGradient, weightGradient, stateBytes, keptBytes, outputBytes);
  }

  /** Returns the sizes of a layer that is wider by a factor, with whose square the weights grow. */
  LayerCost withWidth(double times) {
    return new LayerCost(
        forward,
        inputGradient,
        weightGradient,
        Math.round(times * times * stateBytes),
        Math.round(times * keptBytes),
        Math.round(times * outputBytes));
  }

  /** Returns the cost of a number of rows, if this one is of one. */
  LayerCost withRows(int rows) {
    return new LayerCost(
        rows * forward,
        rows * inputGradient,
        rows * weightGradient,
        stateBytes,
        rows * keptBytes,
        rows * outputBytes);
  }
}
