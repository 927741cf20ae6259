package io.penstock.feed;

import java.io.Serializable;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Optional;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.rdd.RDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.vectorized.ColumnarBatch;
import org.apache.spark.util.TaskCompletionListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Rows of a query that the RAPIDS Accelerator runs, by way of its columns: {@code
 * com.nvidia.spark.rapids.ColumnarRdd} gives the tables on the device, each is copied to the host
 * column by column, and rows are looked up there. So no row is made on the way, on the device or on
 * the host.
 */
final class RapidsColumns implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final Logger LOG = LoggerFactory.getLogger(RapidsColumns.class);

  private static final String CONVERTER = "com.nvidia.spark.rapids.ColumnarRdd";

  private final StructType schema;

  private RapidsColumns(StructType schema) {
    this.schema = schema;
  }

  /**
   * The tables of a query and how to read them; empty where RAPIDS does not run it, or where a
   * column is of a type that is fed as rows: an ML vector or a decimal.
   */
  static Optional<Tables> of(Dataset<Row> data) {
    StructType schema = data.schema();
    boolean held =
        Arrays.stream(schema.fields()).allMatch(field -> HostVector.holds(field.dataType()));
    if (!held || !runs(data.sparkSession())) {
      return Optional.empty();
    }
    try {
      Object tables =
          Class.forName(CONVERTER, true, Thread.currentThread().getContextClassLoader())
              .getMethod("convert", Dataset.class)
              .invoke(null, data);
      return Optional.of(new Tables(((RDD<?>) tables).toJavaRDD(), new RapidsColumns(schema)));
    } catch (ReflectiveOperationException e) {
      LOG.warn("{} gives no columns; rows are fed as rows", CONVERTER, e);
      return Optional.empty();
    }
  }

  /** Whether RAPIDS runs this session's queries, on GPUs. */
  static boolean runs(SparkSession spark) {
    return runs(
        spark.sparkContext().getConf().get("spark.plugins", ""),
        spark.conf().get("spark.rapids.sql.enabled", "true"),
        spark.conf().get(Rapids.MODE, Rapids.ON_GPU),
        spark.conf().get(Feed.COLUMNS, "auto"));
  }

  static boolean runs(String plugins, String enabled, String mode, String setting) {
    return Rapids.isOnGpu(plugins, mode)
        && Boolean.parseBoolean(enabled)
        && !setting.equalsIgnoreCase("never");
  }

  /**
   * Tables by partition, and what reads them.
   *
   * @param rdd of {@code ai.rapids.cudf.Table}s; whoever takes one closes it, and none may leave
   *     its task
   */
  record Tables(JavaRDD<?> rdd, RapidsColumns columns) {}

  /** The rows of a partition's tables; for the thread of a task. */
  Iterator<InternalRow> rows(Iterator<?> tables) {
    Cudf cudf = new Cudf(Thread.currentThread().getContextClassLoader());
    BatchRows rows = new BatchRows(new OnHost(tables, cudf, schema), ColumnarBatch::close);
    TaskContext.get().addTaskCompletionListener((TaskCompletionListener) context -> rows.close());
    return rows;
  }

  /** One table at a time is on the host. */
  private record OnHost(Iterator<?> tables, Cudf cudf, StructType schema)
      implements Iterator<ColumnarBatch> {
    @Override
    public boolean hasNext() {
      return tables.hasNext();
    }

    @Override
    public ColumnarBatch next() {
      try {
        return cudf.toHost(tables.next(), schema);
      } catch (RuntimeException e) {
        throw e;
      } catch (Exception e) {
        throw new IllegalStateException("a table cannot be brought to the host", e);
      }
    }
  }
}
