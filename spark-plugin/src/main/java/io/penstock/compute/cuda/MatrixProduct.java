package io.penstock.compute.cuda;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Matrix product (GEMM) that is asked for, of one or more matrices each: {@code c = factor · a · b
 * + beta · c + bias}. Immutable, but for the numbers of its arrays.
 *
 * @param beta 0 if c is overwritten, whatever is there
 * @param bias one number for each column of c, or for each of its rows; null for none
 * @param biasOfRows whether the bias has a number for each row
 * @param batches how many rows of the batch
 * @param heads how many matrices each of them has
 */
record MatrixProduct(
    Operand a,
    Operand b,
    Operand c,
    double factor,
    double beta,
    INDArray bias,
    boolean biasOfRows,
    long batches,
    long heads) {

  /** Product of single matrices, without bias. */
  static MatrixProduct of(Operand a, Operand b, Operand c, double beta) {
    return new MatrixProduct(a, b, c, 1, beta, null, false, 1, 1);
  }

  /** Returns the same with a bias of so many numbers as c has columns; null for none. */
  MatrixProduct withBias(INDArray ofColumns) {
    return new MatrixProduct(a, b, c, factor, beta, ofColumns, false, batches, heads);
  }

  /** Returns the same with a bias of so many numbers as c has rows; null for none. */
  MatrixProduct withBiasOfRows(INDArray ofRows) {
    return new MatrixProduct(a, b, c, factor, beta, ofRows, true, batches, heads);
  }

  /** Returns so many such products, of the heads of one row of the batch. */
  MatrixProduct ofHeads(long count) {
    return new MatrixProduct(a, b, c, factor, beta, bias, biasOfRows, 1, count);
  }

  /** Returns the same with other operands of the same shape. */
  MatrixProduct with(Operand otherA, Operand otherB, Operand otherC) {
    return new MatrixProduct(
        otherA, otherB, otherC, factor, beta, bias, biasOfRows, batches, heads);
  }

  /** Returns how many products each number of c adds up. */
  long inner() {
    return a.columns();
  }

  /** Returns how many numbers are computed. */
  long count() {
    return c.rows() * c.columns() * batches * heads;
  }

  /** Returns the same product transposed, {@code cᵀ = bᵀ · aᵀ}, if c lies in the other order. */
  MatrixProduct withResult(boolean byColumns) {
    return c.byColumns() == byColumns
        ? this
        : new MatrixProduct(
            b.transposed(),
            a.transposed(),
            c.transposed(),
            factor,
            beta,
            bias,
            !biasOfRows,
            batches,
            heads);
  }
}
