package io.penstock.ml;

import io.penstock.nn.loss.SoftmaxCrossEntropy;
import io.penstock.nn.network.Sequential;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.Param;

/** The param of estimators whose labels are classes, with its getter. */
public interface SmoothingParams extends PipelineParallelParams {
  private <P extends Param<?>> P own(String name) {
    return paramRegistry().get(name);
  }

  /** Param for the share of a label that is spread over all classes (0 <= x < 1). Default: 0 */
  default DoubleParam labelSmoothing() {
    return own("labelSmoothing");
  }

  default double getLabelSmoothing() {
    return (Double) $(labelSmoothing());
  }

  /**
   * The network with {@code labelSmoothing} in its loss where that is set.
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
