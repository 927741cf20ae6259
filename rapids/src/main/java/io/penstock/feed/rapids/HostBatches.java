package io.penstock.feed.rapids;

import ai.rapids.cudf.Table;
import io.penstock.conf.Settings;
import java.util.Iterator;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.vectorized.ColumnarBatch;

/**
 * A partition's tables as batches on the host, one at a time: a table is copied when its batch is
 * asked for, and closed then. For one thread.
 *
 * @param tables on the device
 * @param schema what their columns are: each as {@link HostVector#holds}
 */
record HostBatches(Iterator<Table> tables, StructType schema) implements Iterator<ColumnarBatch> {
  @Override
  public boolean hasNext() {
    return tables.hasNext();
  }

  /**
   * Copies the next table.
   *
   * @throws IllegalStateException if the RAPIDS Accelerator's cuDF lacks a class or a method that
   *     this is compiled against
   */
  @Override
  public ColumnarBatch next() {
    try {
      return Cudf.toHost(tables.next(), schema);
    } catch (LinkageError e) {
      throw new IllegalStateException(
          "this RAPIDS Accelerator's cuDF is not as expected, its columns cannot be fed. Set "
              + Settings.FEED_COLUMNS.key()
              + "=never, then rows are; 26.08.1 is the version that is known.",
          e);
    }
  }
}
