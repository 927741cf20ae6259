package io.penstock.feed;

import io.penstock.conf.Settings;
import java.util.List;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.vectorized.ColumnarBatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The services that may have a query's columns, of a class loader that sees what {@code --jars}
 * names.
 *
 * @param all in the order of the class path
 */
record ColumnServices(List<QueryColumns> all) {
  private static final Logger LOG = LoggerFactory.getLogger(ColumnServices.class);

  /** Those that a class loader finds; none where one of them cannot be loaded. */
  static ColumnServices in(ClassLoader loader) {
    try {
      return new ColumnServices(
          ServiceLoader.load(QueryColumns.class, loader).stream()
              .map(ServiceLoader.Provider::get)
              .toList());
    } catch (ServiceConfigurationError | LinkageError e) {
      LOG.warn("A service of columns cannot be loaded; rows are fed as rows", e);
      return new ColumnServices(List.of());
    }
  }

  /** The columns of a query where a service has them and the session's settings let it. */
  static Optional<JavaRDD<ColumnarBatch>> columns(Dataset<Row> data) {
    SparkSession spark = data.sparkSession();
    if (Settings.FEED_COLUMNS.in(spark).equals("never")) {
      return Optional.empty();
    }
    return in(Thread.currentThread().getContextClassLoader()).of(data, Rapids.runs(spark));
  }

  /**
   * The columns of a query, of the first service that has them.
   *
   * @param onRapids whether the RAPIDS Accelerator runs the query: then a service is missed
   */
  Optional<JavaRDD<ColumnarBatch>> of(Dataset<Row> data, boolean onRapids) {
    if (onRapids && all.isEmpty()) {
      LOG.warn(
          "The RAPIDS Accelerator runs the query that is fed, but penstock-rapids, which takes its"
              + " columns, is not on the class path: rows are fed, to the same result. Name"
              + " penstock-rapids-<version>.jar in --jars, beside rapids-4-spark's");
    }
    return all.stream()
        .map(service -> columns(service, data))
        .flatMap(Optional::stream)
        .findFirst();
  }

  private static Optional<JavaRDD<ColumnarBatch>> columns(QueryColumns service, Dataset<Row> data) {
    try {
      return service.of(data);
    } catch (RuntimeException | LinkageError e) {
      LOG.warn("{} gives no columns; rows are fed as rows", service.getClass().getName(), e);
      return Optional.empty();
    }
  }
}
