package io.penstock.ml;

import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.Param;

/** Makes the params of {@link ValidationParams}. */
final class DeclaredValidation {
  private DeclaredValidation() {}

  static void in(ParamRegistry params) {
    String uid = params.uid();
    params.add(
        new Param<>(
            uid,
            "validationIndicatorCol",
            "A boolean column that is true for rows that are not trained on: after every epoch the"
                + " loss and a metric are measured on them, and the model gets the weights of the"
                + " epoch with the least loss. Left out, all rows are trained on.",
            ParamValidator.text(
                "validationIndicatorCol", "the name of a column, or empty for none")));
    params.add(
        new IntParam(
            uid,
            "patience",
            "Epochs (>= 0) in a row without a better one after which training ends. Better is a loss"
                + " lower by more than tol than the best before: of the validation rows or, without"
                + " validationIndicatorCol, of the training rows. 0 for 1 where tol is above 0, and"
                + " otherwise to do all epochs.",
            new ParamValidator<>(
                "patience",
                "a whole number of at least 0; 0 to do all epochs",
                value -> (Integer) value >= 0)),
        0);
    params.add(
        new DoubleParam(
            uid,
            "tol",
            "How much lower (>= 0) a loss must be to count as better: see patience. Above 0, training"
                + " ends with the first epoch that is no better, or as patience says.",
            ParamValidator.notNegative("tol", "for any")),
        0.0);
  }
}
