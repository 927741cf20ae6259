package io.penstock.feed;

import java.util.Arrays;
import java.util.List;

/**
 * Offsets of the rows in a {@link RowStore}, counted in floats from the first row on. Rows of one
 * width are counted out; of others it keeps four bytes each. Immutable.
 */
final class RowOffsets {
  private final RowWidth width;
  private final long rows;
  private final int segmentRows;

  /**
   * Offset at which every segment begins, and the last one ends; null where all rows are of one
   * width.
   */
  private final long[] bases;

  /**
   * Offsets within a segment, by segment, at which its rows end; null where all rows are of one
   * width.
   */
  private final int[][] ends;

  /** Offsets of rows that are all of one width. */
  RowOffsets(int width, long rows, int segmentRows) {
    this.width = new RowWidth(width, false);
    this.rows = rows;
    this.segmentRows = segmentRows;
    this.bases = null;
    this.ends = null;
  }

  /**
   * Offsets of rows that differ in width.
   *
   * @param most the widest row allowed
   * @param ends by segment of {@code segmentRows} rows (the last may have fewer), where in it every
   *     row ends
   */
  RowOffsets(int most, int segmentRows, List<int[]> ends) {
    this.width = new RowWidth(most, true);
    this.segmentRows = segmentRows;
    this.ends = ends.stream().map(int[]::clone).toArray(int[][]::new);
    this.bases = new long[ends.size() + 1];
    for (int i = 0; i < this.ends.length; i++) {
      bases[i + 1] = bases[i] + this.ends[i][this.ends[i].length - 1];
    }
    this.rows = Arrays.stream(this.ends).mapToLong(segment -> segment.length).sum();
  }

  RowWidth width() {
    return width;
  }

  long rows() {
    return rows;
  }

  int segmentRows() {
    return segmentRows;
  }

  /** Returns where a row begins; for the number of rows, where the last one ends. */
  long start(long row) {
    if (bases == null) {
      return row * width.most();
    }
    int within = (int) (row % segmentRows);
    int segment = (int) (row / segmentRows);
    return within == 0 ? bases[segment] : bases[segment] + ends[segment][within - 1];
  }

  /** Returns the floats of a row. */
  int width(long row) {
    return bases == null ? width.most() : (int) (start(row + 1) - start(row));
  }
}
