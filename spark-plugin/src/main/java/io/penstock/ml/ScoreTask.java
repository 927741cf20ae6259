package io.penstock.ml;

import io.penstock.launch.JavaSerialized;
import io.penstock.launch.SentWeights;
import io.penstock.launch.cluster.NativeRuntime;
import java.util.Iterator;
import org.apache.spark.SerializableWritable;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Row;
import org.apache.spark.util.TaskCompletionListener;

/**
 * Scores a partition, with a copy of the network that it has borrowed until its task ends. A class
 * with a name, which an executor that lacks Penstock's jar says it cannot find; of a lambda it
 * would say that it cannot assign it.
 *
 * @param scoring how
 * @param weights of the network; null where they are in files
 */
record ScoreTask(
    Broadcast<SerializableWritable<JavaSerialized<Scoring>>> scoring,
    Broadcast<SerializableWritable<SentWeights>> weights)
    implements MapPartitionsFunction<Row, Row> {
  @Override
  public Iterator<Row> call(Iterator<Row> rows) {
    NativeRuntime.ready(1);
    Scoring own = scoring.value().value().value();
    NetworkCopies.Borrowed network = own.scorer().borrow(weights);
    TaskContext.get().addTaskCompletionListener((TaskCompletionListener) ended -> network.close());
    return new ScoredRows(rows, own, network.copy());
  }
}
