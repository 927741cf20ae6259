package io.penstock.train;

import io.penstock.array.Loan;
import io.penstock.array.NativeArrays;
import io.penstock.array.Numbers;
import io.penstock.compute.Rows;
import io.penstock.compute.Workspace;
import io.penstock.nn.NotFinite;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Looks for NaN and infinite numbers among those that a stage makes in one action, with one answer
 * for all of them. Numbers of a device are looked at there, and nobody waits until the answer is
 * wanted. For the rank's thread.
 */
final class NumberLooks implements AutoCloseable {
  private final Workspace pool;
  private boolean found;

  /** Where the device marks what it finds; null until it has looked for the first time. */
  private Loan mark;

  private INDArray read;

  /** Whether the device has looked at numbers since the answer was wanted. */
  private boolean marks;

  NumberLooks(Workspace pool) {
    this.pool = pool;
  }

  /** Forgets what was found. */
  void begin() {
    found = false;
    marks = false;
  }

  /** Looks at numbers, wherever they lie. */
  void at(INDArray numbers) {
    Rows rows = pool.compute(numbers).rows();
    if (!NativeArrays.isOnDevice(numbers)) {
      found = found || NotFinite.in("", numbers, rows).isPresent();
      return;
    }
    if (mark == null) {
      mark = pool.loan(DataType.FLOAT, 1);
      read = NativeArrays.array(DataType.FLOAT, 'c', 1);
    }
    if (!marks) {
      rows.fill(mark.array(), 0);
      marks = true;
    }
    rows.markNotFinite(numbers, mark.array());
  }

  /** Returns whether any was found since {@link #begin}; it waits for a device that has looked. */
  boolean found() {
    if (marks) {
      marks = false;
      NativeArrays.copy(mark.array(), read);
      found = found || Numbers.of(read).get(0) != 0;
    }
    return found;
  }

  /** Gives back where the device marks. */
  @Override
  public void close() {
    if (mark != null) {
      mark.close();
      NativeArrays.release(read);
      mark = null;
    }
  }
}
