package io.penstock.ml;

import io.penstock.nn.update.RateDecay;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntParam;

/** Makes the params of {@link OptimizerParams}. */
final class DeclaredOptimizer {
  private static final List<String> UPDATERS = List.of("sgd", "nesterovs", "adam");
  private static final List<String> DECAYS =
      Arrays.stream(RateDecay.values()).map(one -> one.name().toLowerCase(Locale.ROOT)).toList();

  private DeclaredOptimizer() {}

  static void in(ParamRegistry params) {
    String uid = params.uid();
    params.add(
        new ChoiceParam<>(
            uid,
            "updater",
            "How gradients become updates: sgd, nesterovs (momentum 0.9), adam, or one of ND4J's"
                + " updaters as JSON, which setUpdater(IUpdater) writes; that may hold a"
                + " learning-rate schedule.",
            UPDATERS,
            new ParamValidator<String>(
                "updater",
                "sgd, nesterovs, adam, or the JSON of one of ND4J's updaters",
                said -> UPDATERS.contains(said) || isJson(said))),
        "adam");
    params.add(
        new DoubleParam(
            uid,
            "stepSize",
            "Learning rate (> 0) of an updater given by name.",
            ParamValidator.positive("stepSize", "0.001")),
        0.001);
    notNegative(
        params,
        "clipNorm",
        "The largest norm (>= 0) that the gradients of all layers together may have; longer ones"
            + " are shortened to it. 0 for any.");
    notNegative(
        params,
        "clipValue",
        "The largest size (>= 0) that one number of a gradient may have, after clipNorm; larger"
            + " ones are cut to it. 0 for any.");
    notNegative(
        params,
        "weightDecay",
        "The share of the learning rate (>= 0) by which weights shrink in every step, apart from"
            + " the gradients (AdamW); biases do not. 0 for none.");
    params.add(
        new IntParam(
            uid,
            "warmUpSteps",
            "Steps (>= 0) in which the learning rate climbs in a straight line to its full value. 0"
                + " for none. (warmUp is the schedule's.)",
            new ParamValidator<>(
                "warmUpSteps",
                "a whole number of at least 0, such as 100; 0 for none",
                value -> (Integer) value >= 0)),
        0);
    params.add(
        ChoiceParam.of(
            uid,
            "learningRateDecay",
            "How the learning rate goes down from the end of its warm-up to 0 at the end of the run:"
                + " none, linear or cosine.",
            DECAYS),
        "none");
  }

  /** Whether a value of updater is no name, but all of its settings. */
  static boolean isJson(String updater) {
    return updater.stripLeading().startsWith("{");
  }

  private static void notNegative(ParamRegistry params, String name, String doc) {
    params.add(
        new DoubleParam(params.uid(), name, doc, ParamValidator.notNegative(name, "to go without")),
        0.0);
  }
}
