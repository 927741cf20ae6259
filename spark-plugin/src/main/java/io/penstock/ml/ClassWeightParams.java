package io.penstock.ml;

import io.penstock.nn.loss.SoftmaxCrossEntropy;
import io.penstock.nn.network.Sequential;
import org.apache.spark.ml.param.DoubleArrayParam;
import org.apache.spark.ml.param.Param;

/** The param of estimators whose classes may count differently, with its getter. */
public interface ClassWeightParams extends PipelineParallelParams {
  private <P extends Param<?>> P own(String name) {
    return paramRegistry().get(name);
  }

  /** Param for how much a label of each class counts (>= 0). Default: none, all count once */
  default DoubleArrayParam classWeights() {
    return own("classWeights");
  }

  default double[] getClassWeights() {
    return (double[]) $(classWeights());
  }

  /**
   * The network with {@code classWeights} in its loss where they are set and the loss is one of
   * classes.
   *
   * @throws IllegalArgumentException if there are more or fewer of them than classes
   */
  default Sequential classWeighted(Sequential network) {
    return isSet(classWeights()) && network.loss() instanceof SoftmaxCrossEntropy loss
        ? new Sequential(network.input(), network.layers(), loss.weighted(getClassWeights()))
        : network;
  }
}
