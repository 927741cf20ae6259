package io.penstock.compute.cuda;

/**
 * Shape of the work of adding up a matrix by columns: which threads add which numbers. It follows
 * from the matrix' shape alone, so that the sum's order does. Immutable.
 *
 * @param across columns of a block, a power of two; its other threads share the rows
 * @param blocks of one part: enough for all columns
 * @param parts of the rows, each with a sum of its own at first
 * @param rowsOfPart of the last one at most
 */
record SumShape(int across, long blocks, long parts, long rowsOfPart) {
  /** Threads of a block, as in {@code kernels.h}. */
  static final int LINE = 256;

  /** Columns that are read at once: 128 bytes, which a GPU fetches in one piece. */
  private static final int PIECE = 32;

  /** Blocks that keep a GPU of 132 multiprocessors busy, eight each at a time, twice over. */
  private static final long MANY = 2048;

  /** Numbers that each thread of a part adds at least, or the parts cost more than they spare. */
  private static final long LEAST = 8;

  /** The shape of a sum in parts. */
  static SumShape of(long rows, long width) {
    int across = across(rows, width);
    long blocks = divided(width, across);
    long most = Math.min(MANY / blocks, rows / (LEAST * (LINE / across)));
    long rowsOfPart = Math.max(1, divided(rows, Math.max(1, most)));
    return new SumShape(across, blocks, divided(rows, rowsOfPart), rowsOfPart);
  }

  /** The shape of a sum in one part. */
  static SumShape whole(long rows, long width) {
    int across = across(rows, width);
    return new SumShape(across, divided(width, across), 1, rows);
  }

  /** The shape of the sum of so many numbers, whichever their shape. */
  static SumShape of(long count) {
    return of(count, 1);
  }

  private static int across(long rows, long width) {
    int across = 1;
    while (across < width && across < LINE) {
      across *= 2;
    }
    while (across > PIECE && rows > LEAST / 2 * (LINE / across)) {
      across /= 2; // with more rows, more threads a column
    }
    return across;
  }

  private static long divided(long count, long by) {
    return (count + by - 1) / by;
  }
}
