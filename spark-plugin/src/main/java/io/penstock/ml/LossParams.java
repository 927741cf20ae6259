package io.penstock.ml;

import io.penstock.nn.Loss;
import io.penstock.nn.loss.Losses;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.Param;

/** The params of estimators whose labels are numbers, with getters. */
public interface LossParams extends PipelineParallelParams {
  private <P extends Param<?>> P own(String name) {
    return paramRegistry().get(name);
  }

  /** Param for the loss: squaredError, absoluteError or huber. Default: "squaredError" */
  default Param<String> loss() {
    return own("loss");
  }

  /** Param for the difference from where on the loss huber is linear (> 0). Default: 1 */
  default DoubleParam huberDelta() {
    return own("huberDelta");
  }

  default String getLoss() {
    return $(loss());
  }

  default double getHuberDelta() {
    return (Double) $(huberDelta());
  }

  /** The loss that the params describe. */
  default Loss resolveLoss() {
    return getLoss().equals("huber") ? Losses.huber(getHuberDelta()) : Losses.named(getLoss());
  }
}
