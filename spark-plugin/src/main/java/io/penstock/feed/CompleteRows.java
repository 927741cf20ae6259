package io.penstock.feed;

import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.functions;

/** The rows in which no value is missing: see {@link BadRowException#isMissing}. */
final class CompleteRows {
  private CompleteRows() {}

  /** What holds for such rows, as far as these columns go; where it does not it may be null. */
  static Column condition(List<String> columns, FeatureColumns.Layout layout) {
    return columns.stream()
        .map(name -> complete(WholeName.column(name), layout))
        .reduce(Column::and)
        .orElseThrow();
  }

  private static Column complete(Column column, FeatureColumns.Layout layout) {
    return switch (layout) {
      case COLUMNS -> finite(column);
      case ARRAY -> column.isNotNull().and(functions.forall(column, CompleteRows::finite));
      case VECTOR ->
          // Only where there is one: the function throws for null.
          functions
              .when(
                  column.isNotNull(),
                  functions.forall(
                      org.apache.spark.ml.functions.vector_to_array(column, "float64"),
                      CompleteRows::finite))
              .otherwise(false);
      case SEQUENCE ->
          functions.size(column).gt(0).and(functions.forall(column, Column::isNotNull));
    };
  }

  /** As a float; NaN is the largest of all numbers to Spark. */
  private static Column finite(Column number) {
    return functions.abs(number.cast("float")).lt(functions.lit(Float.POSITIVE_INFINITY));
  }
}
