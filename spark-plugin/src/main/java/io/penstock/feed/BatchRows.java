package io.penstock.feed;

import java.util.Collections;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.function.Consumer;
import org.apache.spark.TaskContext;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.vectorized.ColumnarBatch;
import org.apache.spark.util.TaskCompletionListener;

/**
 * Iterator over the rows of columnar batches: each looks into the columns and copies nothing. A
 * batch is done with when its last row has been used; the one that is left when no more is asked
 * for, when this is closed. For one thread.
 */
final class BatchRows implements Iterator<InternalRow>, AutoCloseable {
  private final Iterator<ColumnarBatch> batches;
  private final Consumer<ColumnarBatch> done;
  private Iterator<InternalRow> rows = Collections.emptyIterator();
  private ColumnarBatch open;

  /**
   * Rows of these batches.
   *
   * @param done closes a batch, if it is ours; Spark's own readers fill theirs again
   */
  BatchRows(Iterator<ColumnarBatch> batches, Consumer<ColumnarBatch> done) {
    this.batches = batches;
    this.done = done;
  }

  /** Of batches that are ours to close: the one that is left is closed when the task ends. */
  static BatchRows ofTask(Iterator<ColumnarBatch> batches) {
    BatchRows rows = new BatchRows(batches, ColumnarBatch::close);
    TaskContext.get().addTaskCompletionListener((TaskCompletionListener) context -> rows.close());
    return rows;
  }

  @Override
  public boolean hasNext() {
    while (!rows.hasNext()) {
      close();
      if (!batches.hasNext()) {
        return false;
      }
      open = batches.next();
      rows = open.rowIterator();
    }
    return true;
  }

  @Override
  public InternalRow next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    return rows.next();
  }

  /** Gives up the batch that is being read, and its rows. */
  @Override
  public void close() {
    rows = Collections.emptyIterator();
    if (open != null) {
      ColumnarBatch closed = open;
      open = null;
      done.accept(closed);
    }
  }
}
