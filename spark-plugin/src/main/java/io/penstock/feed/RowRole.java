package io.penstock.feed;

import org.apache.spark.sql.Row;

/** Role of a partition's rows, for training or for validation. For one thread. */
@FunctionalInterface
interface RowRole {
  /** The role of rows that are all trained on. */
  RowRole ALL_TRAIN = row -> false;

  /** Returns whether the partition's next row is one for validation; asked once a row, in order. */
  boolean isValidation(Row row);
}
