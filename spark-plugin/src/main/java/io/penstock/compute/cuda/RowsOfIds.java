package io.penstock.compute.cuda;

import java.util.Arrays;

/**
 * Rows by the id that they have, for one upload: where the rows of each id begin, the ids, and the
 * rows. Immutable.
 *
 * @param count of different ids, negative ones left out
 * @param numbers first {@code count + 1} places among the rows, the last of them their end; then
 *     the ids, ascending; then the rows of each id, ascending
 */
record RowsOfIds(int count, int[] numbers) {
  /** Sorts rows by their ids. */
  static RowsOfIds of(int[] ids) {
    long[] keys = new long[ids.length];
    int rows = 0;
    for (int row = 0; row < ids.length; row++) {
      if (ids[row] >= 0) {
        keys[rows++] = (long) ids[row] << Integer.SIZE | row;
      }
    }
    Arrays.sort(keys, 0, rows);
    int count = 0;
    for (int i = 0; i < rows; i++) {
      count += begins(keys, i) ? 1 : 0;
    }
    int[] numbers = new int[2 * count + 1 + rows];
    int which = 0;
    for (int i = 0; i < rows; i++) {
      if (begins(keys, i)) {
        numbers[which] = i;
        numbers[count + 1 + which] = id(keys[i]);
        which++;
      }
      numbers[2 * count + 1 + i] = (int) keys[i];
    }
    numbers[count] = rows;
    return new RowsOfIds(count, numbers);
  }

  private static boolean begins(long[] keys, int at) {
    return at == 0 || id(keys[at]) != id(keys[at - 1]);
  }

  private static int id(long key) {
    return (int) (key >>> Integer.SIZE);
  }

  /** Where the ids begin among the numbers. */
  int idsAt() {
    return count + 1;
  }

  /** Where the rows begin among the numbers. */
  int rowsAt() {
    return 2 * count + 1;
  }
}
