package io.penstock.compute;

import io.penstock.array.NativeArrays;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * What is done with whole rows, and with numbers that follow each other in memory. For one thread.
 */
public interface Rows {
  /** Adds a vector {@code [width]} to every row of {@code matrix}, {@code [rows, width]}. */
  void addToEach(INDArray matrix, INDArray vector);

  /** Adds every row of {@code matrix}, {@code [rows, width]}, to a vector {@code [width]}. */
  void addUp(INDArray matrix, INDArray vector);

  /**
   * Copies so many numbers that follow each other in memory.
   *
   * @param fromAt the first of them, counted in memory from the array's first
   */
  void copy(INDArray from, long fromAt, INDArray to, long toAt, long count);

  /** Adds so many numbers that follow each other in memory to others. */
  void add(INDArray from, long fromAt, INDArray to, long toAt, long count);

  /** {@code sum = a + b}, number by number; {@code sum} may be one of them. */
  void add(INDArray a, INDArray b, INDArray sum);

  /**
   * Copies to each row the vector of its id.
   *
   * @param table {@code [width, count]} in 'f' order: a column is a vector
   * @param ids one a row; a negative one means zeros
   * @param rows {@code [ids, width]}; overwritten
   */
  default void lookUp(INDArray table, int[] ids, INDArray rows) {
    long width = table.size(0);
    for (int i = 0; i < ids.length; i++) {
      if (ids[i] < 0) {
        fill(NativeArrays.view(rows, i * width, width), 0);
      } else {
        copy(table, ids[i] * width, rows, i * width, width);
      }
    }
  }

  /**
   * Adds each row to the vector of its id, first to last.
   *
   * @param rows {@code [ids, width]}
   * @param ids one a row; rows of negative ones are left out
   * @param table {@code [width, count]} in 'f' order: a column is a vector
   */
  default void addAt(INDArray rows, int[] ids, INDArray table) {
    long width = table.size(0);
    for (int i = 0; i < ids.length; i++) {
      if (ids[i] >= 0) {
        add(rows, i * width, table, ids[i] * width, width);
      }
    }
  }

  /**
   * Swaps the first two dimensions: sequences by rows become sequences by time steps, or back.
   *
   * @param from {@code [a, b, width]}
   * @param to {@code [b, a, width]}; overwritten
   */
  void swap(INDArray from, INDArray to);

  /** Sets all numbers of an array, in any dense order. */
  void fill(INDArray array, double value);

  /** Multiplies all numbers of an array, in any dense order. */
  void scale(INDArray array, double factor);

  /**
   * Whether the squares of all numbers together are a finite float. If so, then no number is NaN or
   * infinite; if not, one may be, or is too large to be squared.
   */
  boolean squaresAreFinite(INDArray array);
}
