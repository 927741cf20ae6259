package io.penstock.ml;

import io.penstock.feed.ValidationColumn;
import io.penstock.train.EarlyStopping;
import java.util.Optional;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.sql.types.StructType;

/** The params that say what is held back for validation and when training ends, with getters. */
public interface ValidationParams extends PlanParams {
  private <P extends Param<?>> P own(String name) {
    return paramRegistry().get(name);
  }

  /** Param for the boolean column that is true for rows to validate on. */
  default Param<String> validationIndicatorCol() {
    return own("validationIndicatorCol");
  }

  /** Param for the epochs in a row without a better one that end training (>= 0). Default: 0 */
  default IntParam patience() {
    return own("patience");
  }

  /** Param for how much lower a loss must be to be better (>= 0). Default: 0 */
  default DoubleParam tol() {
    return own("tol");
  }

  default String getValidationIndicatorCol() {
    return $(validationIndicatorCol());
  }

  default int getPatience() {
    return (Integer) $(patience());
  }

  default double getTol() {
    return (Double) $(tol());
  }

  /** When training ends before its last epoch. */
  default EarlyStopping resolveStopping() {
    return new EarlyStopping(getPatience(), getTol());
  }

  /**
   * The column that holds rows back for validation; empty if none is set, or the name is empty.
   *
   * @throws IllegalArgumentException if it is missing in the schema or not boolean
   */
  default Optional<ValidationColumn> resolveValidation(StructType schema) {
    return isDefined(validationIndicatorCol()) && !getValidationIndicatorCol().isEmpty()
        ? Optional.of(ValidationColumn.of(schema, getValidationIndicatorCol()))
        : Optional.empty();
  }
}
