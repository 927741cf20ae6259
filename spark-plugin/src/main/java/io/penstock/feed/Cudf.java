package io.penstock.feed;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.ByteBuffer;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.vectorized.ColumnarBatch;

/**
 * cuDF's Java classes, which come with the RAPIDS Accelerator and with it alone, by their public
 * methods' names: {@code Table}, {@code ColumnVector} on the device, {@code HostColumnVector} and
 * {@code HostMemoryBuffer} on the host.
 */
final class Cudf {
  private static final String PACKAGE = "ai.rapids.cudf.";

  private final Method rowCount;
  private final Method column;
  private final Method copyToHost;
  private final Method data;
  private final Method validity;
  private final Method offsets;
  private final Method child;
  private final Method nullCount;
  private final Method asByteBuffer;

  /**
   * Finds them.
   *
   * @throws IllegalStateException if the class loader has none, or of a version without one of the
   *     methods
   */
  Cudf(ClassLoader loader) {
    try {
      Class<?> table = Class.forName(PACKAGE + "Table", false, loader);
      Class<?> device = Class.forName(PACKAGE + "ColumnView", false, loader);
      Class<?> host = Class.forName(PACKAGE + "HostColumnVectorCore", false, loader);
      Class<?> buffer = Class.forName(PACKAGE + "HostMemoryBuffer", false, loader);
      rowCount = table.getMethod("getRowCount");
      column = table.getMethod("getColumn", int.class);
      copyToHost = device.getMethod("copyToHost");
      data = host.getMethod("getData");
      validity = host.getMethod("getValidity");
      offsets = host.getMethod("getOffsets");
      child = host.getMethod("getChildColumnView", int.class);
      nullCount = host.getMethod("getNullCount");
      asByteBuffer = buffer.getMethod("asByteBuffer");
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(
          "this RAPIDS Accelerator's cuDF is not as expected, its columns cannot be fed. Set "
              + Feed.COLUMNS
              + "=never, then rows are; 26.08.1 is the version that is known.",
          e);
    }
  }

  /**
   * Copies a table from the device to the host, a copy a column, and closes it.
   *
   * @param schema what its columns are: each as {@link HostVector#holds}
   */
  ColumnarBatch toHost(Object table, StructType schema) throws Exception {
    StructField[] fields = schema.fields();
    HostVector[] columns = new HostVector[fields.length];
    boolean copied = false;
    try (AutoCloseable closed = (AutoCloseable) table) {
      for (int i = 0; i < columns.length; i++) {
        Object host = call(copyToHost, call(column, closed, i));
        columns[i] = vector(host, fields[i].dataType()).ownedBy((AutoCloseable) host);
      }
      int rows = Math.toIntExact((long) call(rowCount, closed));
      copied = true;
      return new ColumnarBatch(columns.clone(), rows);
    } finally {
      for (int i = 0; i < columns.length && !copied && columns[i] != null; i++) {
        columns[i].close();
      }
    }
  }

  /** What a column on the host holds, where it lies. */
  HostVector vector(Object host, DataType type) {
    ByteBuffer valid = buffer(validity, host);
    int nulls = Math.toIntExact((long) call(nullCount, host));
    if (type instanceof ArrayType array) {
      HostVector elements = vector(call(child, host, 0), array.elementType());
      return HostVector.arrays(buffer(offsets, host), elements, valid, nulls);
    }
    return HostVector.of(type, buffer(data, host), valid, nulls);
  }

  private ByteBuffer buffer(Method of, Object host) {
    Object memory = call(of, host);
    return memory == null ? null : (ByteBuffer) call(asByteBuffer, memory);
  }

  private static Object call(Method method, Object on, Object... arguments) {
    try {
      return method.invoke(on, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e);
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(e);
    }
  }
}
