package io.penstock.ml;

import io.penstock.train.Outputs;
import java.io.Serializable;
import java.util.List;
import org.apache.spark.sql.Row;

/** Columns that a model appends to every row. Travels to the executors with all it needs. */
interface ScoreColumns extends Serializable {
  /** The columns, in order; those whose name is empty are left out. */
  List<ScoreColumn> columns();

  /**
   * Returns whether the values are what the loss makes of the network's outputs; else they are the
   * outputs.
   */
  default boolean predicted() {
    return false;
  }

  /**
   * Adds the values of the columns, in their order.
   *
   * @param row as it came in
   * @param outputs the network's, of a block of rows
   * @param index the row's place in the block
   * @param positions how many positions the row has: of a sequence its length, else 1
   */
  void append(Row row, Outputs outputs, int index, int positions, List<Object> values);
}
