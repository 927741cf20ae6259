package io.penstock.feed;

import java.io.Serializable;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;

/**
 * Boolean column that is true for the validation rows, which are not trained on: the loss is
 * measured on them after every epoch. Immutable.
 *
 * @param name the column's name
 */
public record ValidationColumn(String name) implements Serializable {

  /**
   * Finds the column in a schema.
   *
   * @throws IllegalArgumentException if it is missing or not boolean
   */
  public static ValidationColumn of(StructType schema, String name) {
    TypedColumn column = TypedColumn.in(schema, name, "validation indicator");
    if (!column.isBoolean()) {
      throw column.wrongType(
          "it says which rows are for validation and must be boolean. Make one:"
              + " df.withColumn(\"validation\", rand(1).lt(0.1)), or cast it.");
    }
    return new ValidationColumn(name);
  }

  /** Returns the rows in which it is not null. */
  public NumberedColumns known(NumberedColumns rows) {
    return rows.where(rows.column(name).isNotNull());
  }

  /**
   * Returns the roles of a partition's rows.
   *
   * @param at where the column stands in its rows
   */
  RowRole in(int partition, int at) {
    return new RowRole() {
      private long number = -1;

      @Override
      public boolean isValidation(Row row) {
        number++;
        if (row.isNullAt(at)) {
          throw new BadRowException(
              partition,
              number,
              name,
              "is null, so the row is neither for training nor for validation. Fill such values:"
                  + " df.na().fill(false).");
        }
        return row.getBoolean(at);
      }
    };
  }
}
