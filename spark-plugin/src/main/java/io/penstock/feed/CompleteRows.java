package io.penstock.feed;

import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.functions;
import scala.Function1;

/**
 * Filter of the rows in which no value is missing: see {@link BadRowException#isMissing}.
 * Stateless.
 */
final class CompleteRows {
  private CompleteRows() {}

  /**
   * Condition that holds for complete rows, as far as these columns go; for others it may be null.
   */
  static Column condition(List<Column> columns, FeatureColumns.Layout layout) {
    return each(columns, layout).stream().reduce(Column::and).orElseThrow();
  }

  /** Conditions that hold for complete rows, for each column alone. */
  static List<Column> each(List<Column> columns, FeatureColumns.Layout layout) {
    return columns.stream().map(column -> complete(column, layout)).toList();
  }

  private static Column complete(Column column, FeatureColumns.Layout layout) {
    return switch (layout) {
      case COLUMNS -> finite(column);
      case ARRAY -> column.isNotNull().and(without(column, CompleteRows::missing));
      case VECTOR ->
          // Only where there is one: the function throws for null.
          functions
              .when(
                  column.isNotNull(),
                  without(
                      org.apache.spark.ml.functions.vector_to_array(column, "float64"),
                      CompleteRows::missing))
              .otherwise(false);
      case SEQUENCE -> functions.size(column).gt(0).and(without(column, Column::isNull));
    };
  }

  /**
   * Condition that no element of an array is such. Of Spark's functions of arrays, GPUs know exists
   * but not forall.
   */
  private static Column without(Column array, Function1<Column, Column> such) {
    return functions.not(functions.exists(array, such));
  }

  private static Column missing(Column number) {
    return number.isNull().or(functions.not(finite(number)));
  }

  /** Condition that a number is finite as a float; NaN is the largest of all numbers to Spark. */
  private static Column finite(Column number) {
    return functions.abs(number.cast("float")).lt(functions.lit(Float.POSITIVE_INFINITY));
  }
}
