package io.penstock.ml;

import io.penstock.feed.ValidationColumn;
import io.penstock.train.EarlyStopping;
import java.util.Optional;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.sql.types.StructType;

/**
 * Params of validation and early stopping: which rows are held back, and when training ends before
 * its last epoch, with getters.
 *
 * <p>Like all params of MLlib's they may be read by any thread and are set by one at a time.
 */
public interface ValidationParams extends PlanParams {
  /** Param for the boolean column that is true for rows to validate on. */
  default Param<String> validationIndicatorCol() {
    return paramRegistry()
        .param(
            "validationIndicatorCol",
            name ->
                new Param<>(
                    uid(),
                    name,
                    "A boolean column that is true for rows that are not trained on: after every"
                        + " epoch the loss and a metric are measured on them, and the model gets"
                        + " the weights of the epoch with the least loss. Left out, all rows are"
                        + " trained on.",
                    ParamValidator.text(name, "the name of a column, or empty for none")));
  }

  /** Param for the epochs in a row without a better one that end training (>= 0). Default: 0 */
  default IntParam patience() {
    return paramRegistry()
        .param(
            "patience",
            0,
            name ->
                new IntParam(
                    uid(),
                    name,
                    "Early stopping: epochs (>= 0) in a row without a better one after which"
                        + " training ends. Better is a loss lower by more than tol than the best"
                        + " before: of the validation rows or, without validationIndicatorCol, of"
                        + " the training rows. 0 for 1 where tol is above 0, and otherwise to do"
                        + " all epochs.",
                    new ParamValidator<>(
                        name,
                        "a whole number of at least 0; 0 to do all epochs",
                        value -> (Integer) value >= 0)));
  }

  /** Param for how much lower a loss must be to be better (>= 0). Default: 0 */
  default DoubleParam tol() {
    return paramRegistry()
        .param(
            "tol",
            0.0,
            name ->
                new DoubleParam(
                    uid(),
                    name,
                    "How much lower (>= 0) a loss must be to count as better: see patience. Above"
                        + " 0, training ends with the first epoch that is no better, or as patience"
                        + " says.",
                    ParamValidator.notNegative(name, "for any")));
  }

  /** Returns the column of rows to validate on: see {@link #validationIndicatorCol}. */
  default String getValidationIndicatorCol() {
    return $(validationIndicatorCol());
  }

  /** Returns the epochs without a better one that end training: see {@link #patience}. */
  default int getPatience() {
    return (Integer) $(patience());
  }

  /** Returns how much lower a loss must be to be better: see {@link #tol}. */
  default double getTol() {
    return (Double) $(tol());
  }

  /** Resolves when training ends before its last epoch. */
  default EarlyStopping resolveStopping() {
    return new EarlyStopping(getPatience(), getTol());
  }

  /**
   * Resolves the column that holds rows back for validation; empty if none is set, or the name is
   * empty.
   *
   * @throws IllegalArgumentException if it is missing in the schema or not boolean
   */
  default Optional<ValidationColumn> resolveValidation(StructType schema) {
    return isDefined(validationIndicatorCol()) && !getValidationIndicatorCol().isEmpty()
        ? Optional.of(ValidationColumn.of(schema, getValidationIndicatorCol()))
        : Optional.empty();
  }
}
