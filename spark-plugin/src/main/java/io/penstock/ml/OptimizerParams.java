package io.penstock.ml;

import io.penstock.nn.update.RateDecay;
import io.penstock.nn.update.UpdateOptions;
import io.penstock.nn.update.Updater;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.Params;

/** The params that say how gradients change the weights, with getters. */
public interface OptimizerParams extends Params {
  /** Registry that holds the params; an opaque value outside this package. */
  ParamRegistry paramRegistry();

  private <P extends Param<?>> P own(String name) {
    return paramRegistry().get(name);
  }

  /** Param for the updater, a name or JSON. Default: "adam" */
  default Param<String> updater() {
    return own("updater");
  }

  /** Param for the learning rate of an updater given by name (> 0). Default: 0.001 */
  default DoubleParam stepSize() {
    return own("stepSize");
  }

  /** Param for the largest norm of all gradients together (>= 0; 0 for any). Default: 0 */
  default DoubleParam clipNorm() {
    return own("clipNorm");
  }

  /** Param for the largest size of one number of a gradient (>= 0; 0 for any). Default: 0 */
  default DoubleParam clipValue() {
    return own("clipValue");
  }

  /** Param for the share of the learning rate by which weights shrink (>= 0). Default: 0 */
  default DoubleParam weightDecay() {
    return own("weightDecay");
  }

  /** Param for the steps in which the learning rate climbs (>= 0). Default: 0 */
  default IntParam warmUpSteps() {
    return own("warmUpSteps");
  }

  /** Param for how the learning rate goes down: none, linear or cosine. Default: "none" */
  default Param<String> learningRateDecay() {
    return own("learningRateDecay");
  }

  default String getUpdater() {
    return $(updater());
  }

  default double getStepSize() {
    return (Double) $(stepSize());
  }

  /** The same as {@link #getStepSize}. */
  default double getLearningRate() {
    return getStepSize();
  }

  default double getClipNorm() {
    return (Double) $(clipNorm());
  }

  default double getClipValue() {
    return (Double) $(clipValue());
  }

  default double getWeightDecay() {
    return (Double) $(weightDecay());
  }

  default int getWarmUpSteps() {
    return (Integer) $(warmUpSteps());
  }

  default String getLearningRateDecay() {
    return $(learningRateDecay());
  }

  /**
   * The updater that the params describe, with its options. Those that came with its JSON hold
   * where the param of that name is not set.
   *
   * @throws IllegalArgumentException if it is neither a known name nor an ND4J updater's JSON, or
   *     has no learning rate that the options could go by
   */
  default Updater resolveUpdater() {
    String said = getUpdater();
    Updater plain =
        DeclaredOptimizer.isJson(said)
            ? Updater.fromJson(said)
            : Updater.named(said, getStepSize());
    UpdateOptions options = plain.options();
    if (isSet(clipNorm())) {
      options = options.withClipNorm(getClipNorm());
    }
    if (isSet(clipValue())) {
      options = options.withClipValue(getClipValue());
    }
    if (isSet(weightDecay())) {
      options = options.withWeightDecay(getWeightDecay());
    }
    if (isSet(warmUpSteps())) {
      options = options.withWarmUp(getWarmUpSteps());
    }
    if (isSet(learningRateDecay())) {
      options = options.withDecay(RateDecay.named(getLearningRateDecay()));
    }
    return plain.with(options);
  }
}
