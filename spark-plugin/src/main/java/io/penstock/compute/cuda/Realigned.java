package io.penstock.compute.cuda;

import io.penstock.array.DeviceBuffer;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Arrays made to begin at a multiple of 16 bytes, by copying those that do not: a view that begins
 * somewhere in an array, say. So a product's kernel never depends on where its arrays lie. For one
 * thread.
 */
final class Realigned {
  /** Bytes of which a good address is a multiple. */
  static final int BYTES = 16;

  private static final int NUMBERS = BYTES / Float.BYTES;

  private final Launcher launcher;

  Realigned(Launcher launcher) {
    this.launcher = launcher;
  }

  /** Returns whether an array begins well. */
  static boolean isAligned(INDArray array) {
    return DeviceBuffer.address(array) % BYTES == 0;
  }

  /**
   * Returns an operand that is read, in an array that begins well.
   *
   * @param slot of scratch memory for a copy
   */
  Operand read(Operand operand, MatrixProduct product, int slot) {
    return isAligned(operand.array()) ? operand : copy(operand, product, slot, true);
  }

  /** Returns likewise one that is written; {@link #written} comes after that. */
  Operand write(Operand operand, MatrixProduct product, int slot) {
    if (isAligned(operand.array())) {
      return operand;
    }
    boolean overwritten = product.beta() == 0 && length(operand, product) == product.count();
    return copy(operand, product, slot, !overwritten);
  }

  /** Copies what was written back to where it belongs, if it was written elsewhere. */
  void written(Operand asked, Operand where, MatrixProduct product) {
    if (asked != where) {
      copy(where.array(), where.at(), asked.array(), asked.at(), length(asked, product));
    }
  }

  /** Returns a bias that begins well. */
  INDArray vector(INDArray vector, int slot) {
    if (isAligned(vector)) {
      return vector;
    }
    INDArray copy = launcher.scratch(slot, vector.length());
    copy(vector, 0, copy, 0, vector.length());
    return copy;
  }

  /**
   * Numbers side by side, and where a kernel finds them.
   *
   * @param at where they belong in the array
   * @param where they are, which is the array itself if they begin well there
   * @param whereAt likewise in that
   */
  record Numbers(INDArray array, long at, long count, INDArray where, long whereAt) {
    long address() {
      return DeviceBuffer.address(where) + whereAt * Float.BYTES;
    }
  }

  /**
   * Returns some of an array's numbers where they begin well.
   *
   * @param read whether they are read; else they are written, and {@link #written} comes after that
   * @param slot of scratch memory for a copy
   */
  Numbers numbers(INDArray array, long at, long count, boolean read, int slot) {
    if ((DeviceBuffer.address(array) + at * Float.BYTES) % BYTES == 0) {
      return new Numbers(array, at, count, array, at);
    }
    INDArray room = launcher.scratch(slot, count);
    if (read) {
      copy(array, at, room, 0, count);
    }
    return new Numbers(array, at, count, room, 0);
  }

  /** Copies what was written back to where it belongs, if it was written elsewhere. */
  void written(Numbers numbers) {
    if (numbers.where() != numbers.array()) {
      copy(numbers.where(), 0, numbers.array(), numbers.at(), numbers.count());
    }
  }

  private void copy(INDArray from, long at, INDArray to, long toAt, long count) {
    launcher.kernel("product_copy").array(from, at).array(to, toAt).whole(count).each(count);
  }

  private Operand copy(Operand operand, MatrixProduct product, int slot, boolean numbers) {
    long at = operand.at() % NUMBERS;
    long length = length(operand, product);
    INDArray room = launcher.scratch(slot, at + length);
    if (numbers) {
      copy(operand.array(), operand.at(), room, at, length);
    }
    return operand.in(room, at);
  }

  /** Numbers from the first to the last of all matrices, with what lies between. */
  private static long length(Operand operand, MatrixProduct product) {
    long lines = operand.byColumns() ? operand.columns() : operand.rows();
    long line = operand.byColumns() ? operand.rows() : operand.columns();
    return (product.batches() - 1) * operand.batchStep()
        + (product.heads() - 1) * operand.headStep()
        + (lines - 1) * operand.leading()
        + line;
  }
}
