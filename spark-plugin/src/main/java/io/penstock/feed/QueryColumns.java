package io.penstock.feed;

import java.util.Optional;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.vectorized.ColumnarBatch;

/**
 * A service that has a query's result as batches of columns, from an engine that makes no rows of
 * it. One is found by Java's service loader: it is a module of its own with a line in {@code
 * META-INF/services/io.penstock.feed.QueryColumns}, as {@code penstock-rapids} is. Where none has
 * the columns of a query, its rows are fed.
 *
 * <p>Called on the driver, by the thread that trains.
 */
public interface QueryColumns {
  /**
   * Plans a query and gives its columns; lazy but for that. Whatever it throws is logged, and the
   * query is fed as rows.
   *
   * @return batches by partition, with the rows of the query's partitions in their order. A batch
   *     is read by the thread of its task and closed by it, before it asks for the next one or when
   *     the task ends. Empty where this service's engine does not run the query, or where it cannot
   *     hold the type of one of its columns.
   */
  Optional<JavaRDD<ColumnarBatch>> of(Dataset<Row> data);
}
