package io.penstock.ml;

import io.penstock.nn.Loss;
import io.penstock.nn.loss.Losses;
import java.util.List;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.Param;

/**
 * Params of the loss of estimators whose labels are numbers, with getters.
 *
 * <p>Like all params of MLlib's they may be read by any thread and are set by one at a time.
 */
public interface LossParams extends PipelineParallelParams {
  /** Param for the loss: squaredError, absoluteError or huber. Default: "squaredError" */
  default Param<String> loss() {
    return paramRegistry()
        .param(
            "loss",
            "squaredError",
            name ->
                ChoiceParam.of(
                    uid(),
                    name,
                    "Loss, which is made small as a mean over rows and targets: squaredError,"
                        + " absoluteError, or huber, which is squared up to huberDelta and linear"
                        + " from there. A network that is given by network brings its own.",
                    List.of("squaredError", "absoluteError", "huber")));
  }

  /** Param for the difference from where on the loss huber is linear (> 0). Default: 1 */
  default DoubleParam huberDelta() {
    return paramRegistry()
        .param(
            "huberDelta",
            1.0,
            name ->
                new DoubleParam(
                    uid(),
                    name,
                    "The difference (> 0), in the label's unit, from where on the loss huber is"
                        + " linear.",
                    ParamValidator.positive(name, "1.0")));
  }

  /** Returns the loss's name: see {@link #loss}. */
  default String getLoss() {
    return $(loss());
  }

  /** Returns the difference from where on huber is linear: see {@link #huberDelta}. */
  default double getHuberDelta() {
    return (Double) $(huberDelta());
  }

  /** Resolves the loss that the params describe. */
  default Loss resolveLoss() {
    return getLoss().equals("huber") ? Losses.huber(getHuberDelta()) : Losses.named(getLoss());
  }
}
