package io.penstock.feed;

import org.apache.spark.sql.Row;

/** Which rows of a partition are only measured on. For one thread. */
@FunctionalInterface
interface RowRole {
  /** No row is held back. */
  RowRole ALL_TRAIN = row -> false;

  /** Whether the partition's next row is one for validation; asked once a row, in order. */
  boolean isValidation(Row row);
}
