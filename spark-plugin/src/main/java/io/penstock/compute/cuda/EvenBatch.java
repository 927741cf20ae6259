package io.penstock.compute.cuda;

/**
 * Division of a product's matrices into launches of batches at even steps, for a library that knows
 * only such: all at once if their steps allow, else all rows or all heads at once, whichever are
 * more. It follows from the shape alone. Immutable.
 *
 * @param launches how many
 * @param count of matrices in each
 * @param ofRows whether a launch's matrices are those of all rows; else of all heads
 */
record EvenBatch(long launches, long count, boolean ofRows) {
  /** Returns the division of a product. */
  static EvenBatch of(MatrixProduct product) {
    long rows = product.batches();
    long heads = product.heads();
    if (rows == 1
        || heads == 1
        || isEven(product.a(), heads) && isEven(product.b(), heads) && isEven(product.c(), heads)) {
      return new EvenBatch(1, rows * heads, heads == 1);
    }
    return rows > heads ? new EvenBatch(heads, rows, true) : new EvenBatch(rows, heads, false);
  }

  private static boolean isEven(Operand operand, long heads) {
    return operand.batchStep() == heads * operand.headStep();
  }

  /** Returns the step from a matrix of a launch to the next, in numbers; 0 if there is none. */
  long step(Operand operand) {
    if (count == 1) {
      return 0;
    }
    return ofRows ? operand.batchStep() : operand.headStep();
  }

  /** Returns the step from a launch's first matrix to the next launch's; 0 if there is none. */
  long launchStep(Operand operand) {
    if (launches == 1) {
      return 0;
    }
    return ofRows ? operand.headStep() : operand.batchStep();
  }

  /** Returns the bytes of which every matrix begins at a multiple, if the array does at 16. */
  int alignment(Operand operand) {
    long all = operand.at() | step(operand) | launchStep(operand);
    return (int) Long.lowestOneBit(all * Float.BYTES | Realigned.BYTES);
  }
}
