package io.penstock.feed;

/**
 * Position of a row in a DataFrame, for the message about it. Immutable.
 *
 * @param partition the DataFrame's; -1 for a row that is in none
 * @param row the place within the partition; -1 where it is not known
 */
record RowPosition(int partition, long row) {
  private static final String NULL =
      "is null. Fill such values (Imputer, df.na().fill) or drop the rows (df.na().drop).";

  Object present(String column, Object value) {
    if (value == null) {
      throw missing(column, NULL);
    }
    return value;
  }

  BadRowException bad(String column, String complaint) {
    return new BadRowException(partition, row, column, complaint);
  }

  BadRowException missing(String column, String complaint) {
    return new BadRowException(partition, row, column, complaint, true);
  }
}
