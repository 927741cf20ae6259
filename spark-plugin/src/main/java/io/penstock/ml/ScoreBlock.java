package io.penstock.ml;

import java.io.Serializable;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/**
 * Rows of a partition, in their order, of which those with features are scored together.
 *
 * @param rows of the block
 * @param scored how many have features
 * @param width features of each of these; sequences are padded to the longest
 * @param features of those, row-major; null where there are none, or they go another way
 */
record ScoreBlock(List<Read> rows, int scored, int width, float[] features)
    implements Serializable {

  /**
   * A row of a block.
   *
   * @param number its place within the partition; -1 where rows have been left out before
   * @param length of its features; 0 for a row without an answer
   */
  record Read(Row row, long number, int length) implements Serializable {}

  /** This block as it travels: rows alone, without their schema. */
  ScoreBlock carried() {
    List<Read> bare =
        rows.stream()
            .map(read -> new Read(bare(read.row()), read.number(), read.length()))
            .toList();
    return new ScoreBlock(bare, scored, width, null);
  }

  private static Row bare(Row row) {
    Object[] values = new Object[row.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = row.get(i);
    }
    return RowFactory.create(values);
  }
}
