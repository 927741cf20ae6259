package io.penstock.compute.cuda;

import io.penstock.compute.Matrices;
import io.penstock.compute.Vectors;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Batch of matrices as a product's kernel reads or writes them: one for each head of each row of
 * the batch, in either order. A single matrix is a batch of one. Immutable, but for the numbers.
 *
 * @param array holds them all
 * @param at where the first matrix begins, in numbers from the array's first
 * @param rows of a matrix
 * @param columns of a matrix
 * @param leading from a line of a matrix to its next, in numbers
 * @param byColumns whether a line is a column, which is ND4J's order 'f'; else it is a row
 * @param batchStep from a matrix to that of the next row of the batch
 * @param headStep from a matrix to that of the next head
 */
record Operand(
    INDArray array,
    long at,
    long rows,
    long columns,
    long leading,
    boolean byColumns,
    long batchStep,
    long headStep) {

  /**
   * Returns one matrix in whatever order it is; an array of more than two dimensions counts as the
   * matrix of its {@link Vectors}. A single row or column lies both ways at once and counts as row
   * by row.
   */
  static Operand of(INDArray array) {
    long rows = Vectors.count(array);
    long columns = Vectors.width(array);
    boolean byColumns = array.rank() == 2 && array.ordering() == 'f' && rows != 1 && columns != 1;
    return new Operand(array, 0, rows, columns, byColumns ? rows : columns, byColumns, 0, 0);
  }

  /** Returns a batch of matrices, each row by row. */
  static Operand of(Matrices all) {
    return new Operand(
        all.array(),
        all.at(),
        all.height(),
        all.width(),
        all.leading(),
        false,
        all.rowStep(),
        all.headStep());
  }

  /** Returns the same numbers as the transposed matrices. */
  Operand transposed() {
    return new Operand(array, at, columns, rows, leading, !byColumns, batchStep, headStep);
  }

  /** Returns the matrices, or the transposed ones if so said. */
  Operand transposed(boolean really) {
    return really ? transposed() : this;
  }

  /** Returns the same matrices in another array. */
  Operand in(INDArray other, long place) {
    return new Operand(other, place, rows, columns, leading, byColumns, batchStep, headStep);
  }

  /** Returns how far it is in memory from a number to that below it. */
  long rowStep() {
    return byColumns ? 1 : leading;
  }

  /** Returns how far it is in memory from a number to the next of its row. */
  long columnStep() {
    return byColumns ? leading : 1;
  }
}
