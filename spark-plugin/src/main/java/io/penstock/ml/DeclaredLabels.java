package io.penstock.ml;

import java.util.Arrays;
import java.util.List;
import org.apache.spark.ml.param.DoubleArrayParam;
import org.apache.spark.ml.param.DoubleParam;

/** Makes the params that say how outputs are compared with labels. */
final class DeclaredLabels {
  private static final List<String> LOSSES = List.of("squaredError", "absoluteError", "huber");

  private DeclaredLabels() {}

  /** Those of {@link SmoothingParams} and {@link ClassWeightParams}. */
  static void ofClasses(ParamRegistry params) {
    params.add(
        new DoubleParam(
            params.uid(),
            "labelSmoothing",
            "The share (0 <= x < 1) of a label's probability that is spread evenly over all classes."
                + " 0 for none. It takes the place of the loss's own.",
            new ParamValidator<>(
                "labelSmoothing",
                "at least 0 and below 1, such as 0.1; 0 for none",
                value -> (Double) value >= 0 && (Double) value < 1)),
        0.0);
    params.add(
        new DoubleArrayParam(
            params.parent(),
            "classWeights",
            "How much (>= 0) a label of each class counts, one number for each class in their"
                + " order, times the weight that weightCol gives its row. Takes the place of the"
                + " loss's own; left out or empty, all classes count the same. ClassWeights.balanced"
                + " gives those under which rare classes count as much as frequent ones.",
            new ParamValidator<>(
                "classWeights",
                "finite numbers of at least 0, one for each class and not all of them 0",
                DeclaredLabels::validWeights)));
  }

  private static boolean validWeights(double[] weights) {
    return weights.length == 0
        || (Arrays.stream(weights).allMatch(weight -> weight >= 0 && Double.isFinite(weight))
            && Arrays.stream(weights).anyMatch(weight -> weight > 0));
  }

  /** Those of {@link LossParams}. */
  static void ofNumbers(ParamRegistry params) {
    params.add(
        ChoiceParam.of(
            params.uid(),
            "loss",
            "What is made small, as a mean over rows and targets: squaredError, absoluteError, or"
                + " huber, which is squared up to huberDelta and linear from there. A network that is"
                + " given by network brings its own.",
            LOSSES),
        "squaredError");
    params.add(
        new DoubleParam(
            params.uid(),
            "huberDelta",
            "The difference (> 0), in the label's unit, from where on the loss huber is linear.",
            ParamValidator.positive("huberDelta", "1.0")),
        1.0);
  }
}
