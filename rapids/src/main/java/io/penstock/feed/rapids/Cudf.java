package io.penstock.feed.rapids;

import ai.rapids.cudf.HostColumnVector;
import ai.rapids.cudf.HostColumnVectorCore;
import ai.rapids.cudf.HostMemoryBuffer;
import ai.rapids.cudf.Table;
import java.nio.ByteBuffer;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.vectorized.ColumnarBatch;

/** Columns of cuDF's, which come with the RAPIDS Accelerator, as Spark's columns on the host. */
final class Cudf {
  private Cudf() {}

  /**
   * Copies a table from the device to the host, a copy a column, and closes it.
   *
   * @param schema what its columns are: each as {@link HostVector#holds}
   */
  static ColumnarBatch toHost(Table table, StructType schema) {
    StructField[] fields = schema.fields();
    HostVector[] columns = new HostVector[fields.length];
    boolean copied = false;
    try (table) {
      for (int i = 0; i < columns.length; i++) {
        HostColumnVector host = table.getColumn(i).copyToHost();
        columns[i] = vector(host, fields[i].dataType()).ownedBy(host);
      }
      int rows = Math.toIntExact(table.getRowCount());
      copied = true;
      return new ColumnarBatch(columns.clone(), rows);
    } finally {
      for (int i = 0; i < columns.length && !copied && columns[i] != null; i++) {
        columns[i].close();
      }
    }
  }

  /** What a column on the host holds, where it lies. */
  static HostVector vector(HostColumnVectorCore host, DataType type) {
    ByteBuffer valid = buffer(host.getValidity());
    int nulls = Math.toIntExact(host.getNullCount());
    if (type instanceof ArrayType array) {
      HostVector elements = vector(host.getChildColumnView(0), array.elementType());
      return HostVector.arrays(buffer(host.getOffsets()), elements, valid, nulls);
    }
    return HostVector.of(type, buffer(host.getData()), valid, nulls);
  }

  private static ByteBuffer buffer(HostMemoryBuffer memory) {
    return memory == null ? null : memory.asByteBuffer();
  }
}
