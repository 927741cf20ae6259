package io.penstock.compute;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Batch of matrices of one shape, {@code [height, width]}, at even steps in one array: one for each
 * head of each row, in attention. Immutable, but for the array's numbers.
 *
 * @param array holds them all
 * @param at where the first matrix begins, in numbers from the array's first
 * @param rows how many rows
 * @param rowStep from a matrix to that of the next row
 * @param heads of a row
 * @param headStep from a matrix to that of the next head
 * @param leading from a matrix's line to its next; its numbers lie side by side
 */
public record Matrices(
    INDArray array,
    long at,
    long rows,
    long rowStep,
    long heads,
    long headStep,
    long height,
    long width,
    long leading) {

  /**
   * Batch of the matrices of an array {@code [rows, heads, height, width]}, densely in 'c' order.
   */
  public static Matrices dense(INDArray array) {
    long height = array.size(2);
    long width = array.size(3);
    long heads = array.size(1);
    long one = height * width;
    return new Matrices(array, 0, array.size(0), heads * one, heads, one, height, width, width);
  }

  /**
   * Batch of the matrices {@code [length, width]} of attention heads that lie side by side in
   * vectors.
   *
   * @param vectors {@code [rows · length, many]}, densely in 'c' order
   * @param from the first head's first number
   * @param width of a head
   */
  public static Matrices sideBySide(
      INDArray vectors, long from, long rows, long heads, long width) {
    long length = vectors.size(0) / rows;
    long many = vectors.size(1);
    return new Matrices(vectors, from, rows, length * many, heads, width, length, width, many);
  }

  /** Returns where the matrix of a head of a row begins, in numbers from the array's first. */
  public long place(long row, long head) {
    return at + row * rowStep + head * headStep;
  }
}
