package io.penstock.feed;

import java.io.Serializable;
import java.lang.reflect.InvocationTargetException;
import java.util.Iterator;
import java.util.Optional;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.Function2;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.execution.QueryExecution;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.vectorized.ColumnarBatch;

/**
 * RDD of a query's rows as the query leaves them. {@code Dataset.toJavaRDD} would add an operator
 * that makes an object of every value of every row, which is slow, and which no GPU runs.
 * Stateless.
 */
final class QueryRows {
  private QueryRows() {}

  /** Function of a partition's rows, each of which is good only until the next one is asked for. */
  @FunctionalInterface
  interface Use<T> extends Serializable {
    /** Applies the function to the number of a partition and its rows. */
    Iterator<T> of(int partition, Iterator<Row> rows);
  }

  /**
   * Plans the query now; lazy but for that. It reads columns where a service has any, see {@link
   * QueryColumns}, else rows; {@code use} sees the same of both.
   */
  static <T> JavaRDD<T> of(Dataset<Row> data, Use<T> use) {
    Optional<JavaRDD<ColumnarBatch>> columns = ColumnServices.columns(data);
    if (columns.isPresent()) {
      return of(columns.get(), data.schema(), BatchRows::ofTask, use);
    }
    return of(execution(data).toRdd().toJavaRDD(), data.schema(), rows -> rows, use);
  }

  /** Function that makes rows of a partition of anything. */
  @FunctionalInterface
  interface Source<S> extends Serializable {
    /** The rows of a partition. */
    Iterator<InternalRow> rows(Iterator<S> partition);
  }

  /** Applies a function to the rows of any source. */
  static <S, T> JavaRDD<T> of(JavaRDD<S> from, StructType schema, Source<S> source, Use<T> use) {
    Function2<Integer, Iterator<S>, Iterator<T>> task =
        (partition, rows) -> use.of(partition, new Views(source.rows(rows), new RowView(schema)));
    return from.mapPartitionsWithIndex(task, false);
  }

  /**
   * Returns the query's execution, by reflection: the method has been there in all versions, of
   * that name; but with Spark 4 it went from {@code Dataset} to a class that Spark 3.5 has not, so
   * that one jar cannot name it.
   */
  static QueryExecution execution(Dataset<Row> data) {
    try {
      return (QueryExecution) data.getClass().getMethod("queryExecution").invoke(data);
    } catch (InvocationTargetException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e);
    } catch (ReflectiveOperationException e) {
      throw new IllegalArgumentException(
          data.getClass().getName()
              + " does not tell how it is executed: training reads the rows of a Dataset of the"
              + " driver's own Spark session, not of a remote one.",
          e);
    }
  }

  /** Iterator over a partition's rows, one after the other through one view. */
  private record Views(Iterator<InternalRow> rows, RowView view) implements Iterator<Row> {
    @Override
    public boolean hasNext() {
      return rows.hasNext();
    }

    @Override
    public Row next() {
      return view.on(rows.next());
    }
  }
}
