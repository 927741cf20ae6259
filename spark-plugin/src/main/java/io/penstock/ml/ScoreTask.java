package io.penstock.ml;

import io.penstock.launch.JavaSerialized;
import io.penstock.launch.cluster.NativeRuntime;
import java.util.Iterator;
import org.apache.spark.SerializableWritable;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Row;

/**
 * Scores a partition. A class with a name, which an executor that lacks Penstock's jar says it
 * cannot find; of a lambda it would say that it cannot assign it.
 *
 * @param scoring how
 */
record ScoreTask(Broadcast<SerializableWritable<JavaSerialized<Scoring>>> scoring)
    implements MapPartitionsFunction<Row, Row> {
  @Override
  public Iterator<Row> call(Iterator<Row> rows) {
    NativeRuntime.ready(1);
    return new ScoredRows(rows, scoring.value().value().value());
  }
}
