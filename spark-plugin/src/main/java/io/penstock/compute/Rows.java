package io.penstock.compute;

import io.penstock.array.NativeArrays;
import io.penstock.array.Numbers;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Operations on whole rows, and on numbers that follow each other in memory: bias, sums, copies,
 * embedding look-up, dropout. For one thread.
 */
public interface Rows {
  /**
   * Adds a vector to every row of a matrix.
   *
   * @param matrix of any shape: so many numbers that follow each other are a row
   * @param vector of which the first {@code width} numbers in memory are added
   */
  void addToEach(INDArray matrix, INDArray vector, long width);

  /** Adds a vector {@code [width]} to every row of {@code matrix}, {@code [..., width]}. */
  default void addToEach(INDArray matrix, INDArray vector) {
    addToEach(matrix, vector, vector.length());
  }

  /**
   * Adds every row of a matrix to a vector.
   *
   * @param matrix of any shape: so many numbers that follow each other are a row
   * @param vector to whose first {@code width} numbers in memory they are added
   */
  void addUp(INDArray matrix, INDArray vector, long width);

  /** Adds every row of {@code matrix}, {@code [..., width]}, to a vector {@code [width]}. */
  default void addUp(INDArray matrix, INDArray vector) {
    addUp(matrix, vector, vector.length());
  }

  /**
   * Copies {@code count} numbers that follow each other in memory.
   *
   * @param fromAt the first of them, counted in memory from the array's first
   */
  void copy(INDArray from, long fromAt, INDArray to, long toAt, long count);

  /** Adds {@code count} numbers that follow each other in memory to others. */
  void add(INDArray from, long fromAt, INDArray to, long toAt, long count);

  /** Adds 0 to every number of an array that lies densely: those that are -0 become 0. */
  default void addZero(INDArray array) {
    array.addi(0);
  }

  /** Adds two arrays: {@code sum = a + b}, number by number; {@code sum} may be one of them. */
  void add(INDArray a, INDArray b, INDArray sum);

  /**
   * Multiplies two arrays: {@code product = a · b}, number by number; {@code product} may be one of
   * them.
   */
  default void multiply(INDArray a, INDArray b, INDArray product) {
    a.muli(b, product);
  }

  /**
   * Draws which numbers dropout keeps: the number at place i is 0 where the i-th of {@link
   * SplitMix#uniform} is below {@code probability}, else {@code 1 / (1 - probability)}. The same
   * bits on every kind of compute.
   *
   * @param key of the random numbers
   * @param probability at least 0 and below 1
   * @param mask overwritten; places are counted row by row
   */
  default void mask(long key, double probability, INDArray mask) {
    Numbers numbers = Numbers.into(mask);
    double kept = 1 / (1 - probability);
    for (long place = 0; place < mask.length(); place++) {
      numbers.put(place, SplitMix.uniform(key, place) < probability ? 0 : kept);
    }
  }

  /**
   * Copies to each row the vector of its id.
   *
   * @param table {@code [width, count]} in 'f' order: a column is a vector
   * @param ids one a row; a negative one means zeros
   * @param rows {@code [..., width]}, one for each id; overwritten
   */
  default void lookUp(INDArray table, int[] ids, INDArray rows) {
    long width = table.size(0);
    for (int i = 0; i < ids.length; i++) {
      if (ids[i] < 0) {
        clear(rows, i * width, width);
      } else {
        copy(table, ids[i] * width, rows, i * width, width);
      }
    }
  }

  /**
   * Copies each row to the vector of its id.
   *
   * @param rows {@code [..., width]}, one for each id
   * @param ids one a row, no two the same; rows of negative ones are left out
   * @param table {@code [width, count]} in 'f' order: a column is a vector
   */
  default void put(INDArray rows, int[] ids, INDArray table) {
    long width = table.size(0);
    for (int i = 0; i < ids.length; i++) {
      if (ids[i] >= 0) {
        copy(rows, i * width, table, ids[i] * width, width);
      }
    }
  }

  /**
   * Copies columns that follow each other to columns of another array.
   *
   * @param from {@code [..., n]}: every vector is a row
   * @param fromAt the first column that is copied
   * @param to {@code [..., m]}, of as many rows
   * @param toAt the column that the first one is copied to
   * @param width how many columns are copied
   */
  default void copyColumns(INDArray from, long fromAt, INDArray to, long toAt, long width) {
    long step = Vectors.width(from);
    long toStep = Vectors.width(to);
    for (long row = 0; row < Vectors.count(from); row++) {
      copy(from, row * step + fromAt, to, row * toStep + toAt, width);
    }
  }

  /**
   * Adds a vector to every row of some matrices; the others stay as they are.
   *
   * @param matrices {@code [count, ..., width]}
   * @param which of the matrices, no two the same
   * @param vectors {@code width} numbers for each of these, one vector behind the other
   */
  default void addToSome(INDArray matrices, int[] which, float[] vectors) {
    int width = Math.toIntExact(Vectors.width(matrices));
    long size = matrices.length() / matrices.size(0);
    INDArray vector = NativeArrays.array(matrices.dataType(), 'c', width);
    Numbers numbers = Numbers.into(vector);
    for (int i = 0; i < which.length; i++) {
      for (int j = 0; j < width; j++) {
        numbers.put(j, vectors[i * width + j]);
      }
      addToEach(NativeArrays.view(matrices, which[i] * size, size), vector);
    }
    NativeArrays.release(vector);
  }

  /**
   * Adds each row to the vector of its id, first to last.
   *
   * @param rows {@code [..., width]}, one for each id
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

  /** Sets {@code count} numbers that follow each other in memory to zero. */
  void clear(INDArray array, long at, long count);

  /** Sets all numbers of an array, in any dense order. */
  void fill(INDArray array, double value);

  /** Multiplies all numbers of an array, in any dense order. */
  void scale(INDArray array, double factor);

  /**
   * Returns whether the squares of all numbers add up to a finite float. If so, then no number is
   * NaN or infinite; if not, one may be, or is too large to be squared.
   */
  boolean squaresAreFinite(INDArray array);

  /**
   * Sets a mark to 1 if a number of an array is NaN or infinite, and leaves it as it is if none is:
   * a look that nobody waits for.
   *
   * @param array in any dense order
   * @param mark {@code [1]}
   */
  default void markNotFinite(INDArray array, INDArray mark) {
    if (squaresAreFinite(array)) {
      return;
    }
    Numbers numbers = Numbers.of(array);
    for (long i = 0; i < array.length(); i++) {
      if (!Double.isFinite(numbers.get(i))) {
        Numbers.into(mark).put(0, 1);
        return;
      }
    }
  }

  /**
   * Returns the sum of the squares of all numbers, in double precision and in an order that follows
   * from the shape alone: one after another, unless a kind has a faster one.
   */
  default double sumOfSquares(INDArray array) {
    double sum = 0;
    if (array.length() > 0) {
      Numbers numbers = Numbers.of(array);
      for (long i = 0; i < array.length(); i++) {
        double one = numbers.get(i);
        sum += one * one;
      }
    }
    return sum;
  }
}
