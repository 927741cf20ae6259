package io.penstock.ml;

import io.penstock.feed.FeatureColumns;
import io.penstock.feed.LabelKind;
import io.penstock.nn.network.Sequential;
import java.util.List;
import java.util.function.Function;
import org.apache.spark.SparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;

/**
 * Supervised learning task of an estimator: which network it takes, what its labels are, and which
 * columns its model appends. What follows from these is the same for all estimators and stands
 * here; they lie below different classes of MLlib's, so that it cannot stand in a base class.
 */
interface LearningTask {
  /** Whose params say the rest. */
  PipelineParallelEstimator<?> estimator();

  /**
   * The network that the params describe.
   *
   * @throws IllegalArgumentException if they describe none, or one that cannot learn this
   */
  Sequential network();

  /** The kind of label that the network's outputs are compared with. */
  LabelKind labels(Sequential network);

  /**
   * The columns of features and label.
   *
   * @param schema of the rows to learn from, labels included
   * @throws IllegalArgumentException for a column that is missing or of the wrong type or width
   */
  FeatureColumns columns(StructType schema, Sequential network);

  /** The columns that the model will append. */
  List<ScoreColumn> scored(StructType schema, Sequential network);

  /** A name for each class; empty if they have none, or there are no classes. */
  default List<String> classNames(StructType schema) {
    return List.of();
  }

  /**
   * The schema of the rows to learn from: of those with their labels, if these are not a column of
   * their own.
   */
  default StructType labelled(StructType schema) {
    return schema;
  }

  /** The rows to learn from. */
  default Dataset<Row> labelled(Dataset<?> data) {
    return data.toDF();
  }

  /**
   * The schema of the rows that the model will have scored. Checks params and columns without a
   * job.
   *
   * @throws IllegalArgumentException with what is wrong and what to do
   */
  default StructType transformSchema(StructType schema) {
    Sequential network = network();
    new Fit(estimator(), new OutputSplit(estimator(), network).planned()).check(schema);
    weighted(labelled(schema), network);
    return ScoreColumn.appended(
        schema, scored(schema, network), estimator().getHandleInvalid().equals("keep"));
  }

  /**
   * Trains.
   *
   * @param make the estimator's model of what was learnt
   * @throws RuntimeException what {@link io.penstock.launch.job.TrainingJob#run} throws
   */
  default <M extends PipelineParallelModel<M>> M train(
      Dataset<?> data, Function<FittedNetwork, M> make) {
    Sequential network = network();
    Dataset<Row> rows = labelled(data);
    StructType schema = rows.schema();
    SparkContext context = data.sparkSession().sparkContext();
    return make.apply(
        new Fit(estimator(), new OutputSplit(estimator(), network).planned(context))
            .run(rows, weighted(schema, network), labels(network), classNames(schema), make));
  }

  private FeatureColumns weighted(StructType schema, Sequential network) {
    return estimator().resolveWeight(columns(schema, network), schema);
  }
}
