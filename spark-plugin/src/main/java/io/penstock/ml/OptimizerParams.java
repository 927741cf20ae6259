package io.penstock.ml;

import io.penstock.nn.update.RateDecay;
import io.penstock.nn.update.UpdateOptions;
import io.penstock.nn.update.Updater;
import io.penstock.train.BadNumbers;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.Params;

/**
 * Params of the optimizer, which makes updates of gradients, with getters.
 *
 * <p>Like all params of MLlib's they may be read by any thread and are set by one at a time.
 */
public interface OptimizerParams extends Params {
  /** Returns the registry that holds the params; an opaque value outside this package. */
  ParamRegistry paramRegistry();

  /** Param for the optimizer, the name or the JSON of an ND4J updater. Default: "adam" */
  default Param<String> updater() {
    return paramRegistry()
        .param(
            "updater",
            "adam",
            name ->
                ChoiceParam.of(
                    uid(),
                    name,
                    "Optimizer (ND4J's word is updater), which makes updates of gradients: sgd,"
                        + " nesterovs (momentum 0.9), adam, or one of ND4J's updaters as JSON,"
                        + " which setUpdater(IUpdater) writes; that may hold a learning-rate"
                        + " schedule.",
                    List.of("sgd", "nesterovs", "adam"),
                    "sgd, nesterovs, adam, or the JSON of one of ND4J's updaters",
                    OptimizerParams::isJson));
  }

  /** Param for the learning rate of an optimizer given by name (> 0). Default: 0.001 */
  default DoubleParam stepSize() {
    return paramRegistry()
        .param(
            "stepSize",
            0.001,
            name ->
                new DoubleParam(
                    uid(),
                    name,
                    "Learning rate (> 0) of an optimizer that updater gives by name.",
                    ParamValidator.positive(name, "0.001")));
  }

  /** Param for the largest norm of all gradients together (>= 0; 0 for any). Default: 0 */
  default DoubleParam clipNorm() {
    return notNegative(
        "clipNorm",
        "Gradient clipping by norm: the largest norm (>= 0) that the gradients of all layers"
            + " together may have; longer ones are shortened to it. 0 for any.");
  }

  /** Param for the largest size of one number of a gradient (>= 0; 0 for any). Default: 0 */
  default DoubleParam clipValue() {
    return notNegative(
        "clipValue",
        "Gradient clipping by value: the largest size (>= 0) that one number of a gradient may"
            + " have, after clipNorm; larger ones are cut to it. 0 for any.");
  }

  /** Param for the share of the learning rate by which weights shrink (>= 0). Default: 0 */
  default DoubleParam weightDecay() {
    return notNegative(
        "weightDecay",
        "Weight decay: the share of the learning rate (>= 0) by which weights shrink in every"
            + " step, apart from the gradients (AdamW); biases do not. 0 for none.");
  }

  private DoubleParam notNegative(String param, String doc) {
    return paramRegistry()
        .param(
            param,
            0.0,
            name ->
                new DoubleParam(
                    uid(), name, doc, ParamValidator.notNegative(name, "to go without")));
  }

  /** Param for the steps in which the learning rate climbs (>= 0). Default: 0 */
  default IntParam warmUpSteps() {
    return paramRegistry()
        .param(
            "warmUpSteps",
            0,
            name ->
                new IntParam(
                    uid(),
                    name,
                    "Learning-rate warm-up: steps (>= 0) in which the learning rate climbs in a"
                        + " straight line to its full value. 0 for none. (warmUp is the"
                        + " schedule's.)",
                    new ParamValidator<>(
                        name,
                        "a whole number of at least 0, such as 100; 0 for none",
                        value -> (Integer) value >= 0)));
  }

  /** Param for how the learning rate goes down: none, linear or cosine. Default: "none" */
  default Param<String> learningRateDecay() {
    return paramRegistry()
        .param(
            "learningRateDecay",
            "none",
            name ->
                ChoiceParam.of(
                    uid(),
                    name,
                    "How the learning rate goes down from the end of its warm-up to 0 at the end of"
                        + " the run: none, linear or cosine.",
                    Arrays.stream(RateDecay.values())
                        .map(one -> one.name().toLowerCase(Locale.ROOT))
                        .toList()));
  }

  /** Param for the answer to NaN and infinite numbers: fail or skip. Default: "fail" */
  default Param<String> onBadNumbers() {
    return paramRegistry()
        .param(
            "onBadNumbers",
            BadNumbers.FAIL.id(),
            name ->
                ChoiceParam.of(
                    uid(),
                    name,
                    "What to do about a step in which a number of the forward pass, the loss or a"
                        + " gradient is NaN or infinite: fail (the fit ends, naming layer, epoch,"
                        + " step and micro-batch) or skip (on all executors the step is left out:"
                        + " weights, the optimizer's state and statistics stay as they are; after"
                        + " 100 such steps in a row, or as many as an epoch has, the fit ends)."
                        + " Weights that an update makes so end the fit in any case, and so do"
                        + " numbers of the validation.",
                    BadNumbers.ids()));
  }

  /** Returns the optimizer: see {@link #updater}. */
  default String getUpdater() {
    return $(updater());
  }

  /** Returns the learning rate: see {@link #stepSize}. */
  default double getStepSize() {
    return (Double) $(stepSize());
  }

  /** Returns {@link #getStepSize}, by the name that networks go by. */
  default double getLearningRate() {
    return getStepSize();
  }

  /** Returns the largest norm of all gradients together: see {@link #clipNorm}. */
  default double getClipNorm() {
    return (Double) $(clipNorm());
  }

  /** Returns the largest size of one number of a gradient: see {@link #clipValue}. */
  default double getClipValue() {
    return (Double) $(clipValue());
  }

  /** Returns the share by which weights shrink: see {@link #weightDecay}. */
  default double getWeightDecay() {
    return (Double) $(weightDecay());
  }

  /** Returns the steps of the learning rate's warm-up: see {@link #warmUpSteps}. */
  default int getWarmUpSteps() {
    return (Integer) $(warmUpSteps());
  }

  /** Returns how the learning rate goes down: see {@link #learningRateDecay}. */
  default String getLearningRateDecay() {
    return $(learningRateDecay());
  }

  /** Returns the answer to NaN and infinite numbers: see {@link #onBadNumbers}. */
  default String getOnBadNumbers() {
    return $(onBadNumbers());
  }

  /** Resolves {@link #getOnBadNumbers}. */
  default BadNumbers resolveBadNumbers() {
    return BadNumbers.named(getOnBadNumbers());
  }

  /**
   * Resolves the optimizer that the params describe, with its options. Those that came with its
   * JSON hold where the param of that name is not set.
   *
   * @throws IllegalArgumentException if it is neither a known name nor an ND4J updater's JSON, or
   *     has no learning rate that the options could go by
   */
  default Updater resolveUpdater() {
    String said = getUpdater();
    Updater plain = isJson(said) ? Updater.fromJson(said) : Updater.named(said, getStepSize());
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

  /** Tells the JSON of an updater, which has all of its settings, from a name. */
  private static boolean isJson(String updater) {
    return updater.stripLeading().startsWith("{");
  }
}
