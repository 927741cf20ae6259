package io.penstock.feed.rapids;

import com.nvidia.spark.rapids.ColumnarRdd;
import io.penstock.Internal;
import io.penstock.feed.QueryColumns;
import io.penstock.feed.Rapids;
import java.util.Arrays;
import java.util.Optional;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.vectorized.ColumnarBatch;

/**
 * Columns of a query that the RAPIDS Accelerator runs: {@code ColumnarRdd} gives the tables on the
 * device, each is copied to the host column by column, and rows are looked up there. So no row is
 * made on the way, on the device or on the host.
 *
 * <p>Empty where RAPIDS does not run the query on GPUs, or where a column is of a type that is fed
 * as rows: an ML vector or a decimal.
 */
@Internal
public final class RapidsColumns implements QueryColumns {
  /** For the service loader. */
  public RapidsColumns() {}

  @Override
  public Optional<JavaRDD<ColumnarBatch>> of(Dataset<Row> data) {
    StructType schema = data.schema();
    boolean held =
        Arrays.stream(schema.fields()).allMatch(field -> HostVector.holds(field.dataType()));
    if (!held || !Rapids.runs(data.sparkSession())) {
      return Optional.empty();
    }
    return Optional.of(
        ColumnarRdd.convert(data)
            .toJavaRDD()
            .mapPartitions(tables -> new HostBatches(tables, schema)));
  }
}
