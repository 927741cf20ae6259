package io.penstock.feed;

import java.util.List;

/**
 * Thrown for a row that cannot be trained on, or scored. The message names the partition, the row,
 * the column, the value and what to do; it survives the way from executor to driver. Immutable but
 * for its stack trace.
 */
public final class BadRowException extends RefusedRowsException {
  private static final long serialVersionUID = 1L;

  private final int partition;
  private final long row;
  private final String column;
  private final boolean missing;

  BadRowException(int partition, long row, String column, String complaint) {
    this(partition, row, column, complaint, false);
  }

  /**
   * An exception for one row.
   *
   * @param missing whether a value is not there: null, NaN or infinite, or an empty sequence
   */
  BadRowException(int partition, long row, String column, String complaint, boolean missing) {
    this(partition, row, column, missing, "column '" + column + "' " + complaint);
  }

  private BadRowException(
      int partition, long row, String column, boolean missing, String complaint) {
    super(place(partition, row) + ": " + complaint);
    this.partition = partition;
    this.row = row;
    this.column = column;
    this.missing = missing;
  }

  /**
   * An exception for a row that can be read, but overflows inside the network.
   *
   * @param partition the DataFrame's partition; -1 for a row that is in none
   * @param row the row's place within it; -1 where it is not known
   * @param columns where its features stand
   * @param score the first of its scores that is NaN or infinite
   * @param advice why that is, and what to do
   */
  public static BadRowException notScored(
      int partition, long row, List<String> columns, double score, String advice) {
    String complaint = "its scores are not finite (" + score + "): " + advice;
    return new BadRowException(partition, row, String.join(", ", columns), true, complaint);
  }

  private static String place(int partition, long row) {
    return partition < 0
        ? "The row"
        : (row < 0 ? "A row" : "Row " + row) + " of partition " + partition;
  }

  /** The DataFrame's partition, from 0; -1 for a row that is in none. */
  public int partition() {
    return partition;
  }

  /**
   * The row's place within its partition, from 0; -1 where it is not known: in scoring, where rows
   * are left out before they are counted.
   */
  public long row() {
    return row;
  }

  /**
   * The column, with the index inside it where it holds several values: {@code features[3]}; of a
   * row whose scores are not finite, all columns of features.
   */
  public String column() {
    return column;
  }

  /**
   * Returns whether a value is missing, so that the row can be left out: it is null, NaN, infinite
   * or too large for a float, or a sequence without an id; or its scores, which are not finite.
   * Other rows contradict the network or the label.
   */
  public boolean isMissing() {
    return missing;
  }
}
