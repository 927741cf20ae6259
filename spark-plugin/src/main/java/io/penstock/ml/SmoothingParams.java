package io.penstock.ml;

import io.penstock.nn.loss.SoftmaxCrossEntropy;
import io.penstock.nn.network.Sequential;
import org.apache.spark.ml.param.DoubleParam;

/**
 * Param of label smoothing, for estimators whose labels are classes, with its getter.
 *
 * <p>Like all params of MLlib's they may be read by any thread and are set by one at a time.
 */
public interface SmoothingParams extends PipelineParallelParams {
  /** Param for the share of a label that is spread over all classes (0 <= x < 1). Default: 0 */
  default DoubleParam labelSmoothing() {
    return paramRegistry()
        .param(
            "labelSmoothing",
            0.0,
            name ->
                new DoubleParam(
                    uid(),
                    name,
                    "Label smoothing: the share (0 <= x < 1) of a label's probability that is"
                        + " spread evenly over all classes. 0 for none. It takes the place of the"
                        + " loss's own.",
                    new ParamValidator<>(
                        name,
                        "at least 0 and below 1, such as 0.1; 0 for none",
                        value -> (Double) value >= 0 && (Double) value < 1)));
  }

  /** Returns the share that is spread over all classes: see {@link #labelSmoothing}. */
  default double getLabelSmoothing() {
    return (Double) $(labelSmoothing());
  }

  /**
   * Returns the network with {@code labelSmoothing} in its loss where that is set.
   *
   * @throws IllegalArgumentException if the loss has no labels to smooth
   */
  default Sequential smoothed(Sequential network) {
    if (!isSet(labelSmoothing())) {
      return network;
    }
    if (network.loss() instanceof SoftmaxCrossEntropy loss) {
      return new Sequential(network.input(), network.layers(), loss.smoothed(getLabelSmoothing()));
    }
    if (getLabelSmoothing() > 0) {
      throw new IllegalArgumentException(
          "labelSmoothing is "
              + getLabelSmoothing()
              + ", but the network's loss is "
              + network.loss().name()
              + ", whose labels are no classes. Leave it out, or build the network with"
              + " loss(Losses.softmaxCrossEntropy()).");
    }
    return network;
  }
}
