package io.penstock.ml;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.size;
import static org.apache.spark.sql.functions.slice;

import io.penstock.feed.FeatureColumns;
import io.penstock.feed.FeatureRows;
import io.penstock.feed.LabelKind;
import io.penstock.feed.NumberedColumns;
import io.penstock.nn.loss.SoftmaxCrossEntropy;
import io.penstock.nn.network.Sequential;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** Learning an id for every token of a sequence: the next token, or a label of its own. */
record SequenceLabelling(PipelineParallelSequenceLearner estimator) implements LearningTask {
  @Override
  public Sequential network() {
    if (!estimator.isDefined(estimator.network())) {
      throw new IllegalArgumentException(
          "No network: set one that takes token ids, for example"
              + " setNetwork(Sequential.input(length).embedding(vocabulary, 128)"
              + ".positions(length).transformerBlock(4, 512, true, 0).dense(vocabulary)"
              + ".loss(Losses.softmaxCrossEntropy()).build()).");
    }
    Sequential network = estimator.classWeighted(estimator.smoothed(estimator.getNetwork()));
    if (!(network.loss() instanceof SoftmaxCrossEntropy)) {
      throw new IllegalArgumentException(
          "The network's loss is "
              + network.loss().name()
              + "; ids need softmax cross-entropy. Build it with"
              + " loss(Losses.softmaxCrossEntropy()).");
    }
    if (network.input().rank() != 1
        || network.output().rank() != 2
        || !network.output().dims().get(0).equals(network.input().dims().get(0))) {
      throw new IllegalArgumentException(
          "The network turns rows of shape "
              + network.input()
              + " into rows of shape "
              + network.output()
              + "; it must make of [length] ids [length, ids], a score of every id at every place."
              + " Leave out lastStep and flatten; or take PipelineParallelClassifier, which gives a"
              + " row one class.");
    }
    return network;
  }

  @Override
  public LabelKind labels(Sequential network) {
    return LabelKind.ids(Math.toIntExact(network.output().dims().get(1)));
  }

  @Override
  public FeatureColumns columns(StructType schema, Sequential network) {
    int longest = Math.toIntExact(network.input().size());
    FeatureRows.sequences(schema, estimator.getFeaturesCol(), longest); // refuses other columns
    return FeatureColumns.sequences(
        schema, estimator.getFeaturesCol(), label(), labels(network), longest);
  }

  @Override
  public List<ScoreColumn> scored(StructType schema, Sequential network) {
    return SequenceColumns.wanted(estimator);
  }

  private boolean learnsNextToken() {
    return !estimator.isDefined(estimator.labelCol());
  }

  /** The column of labels, which is ours to add where there is none. */
  private String label() {
    return learnsNextToken() ? estimator.getFeaturesCol() + " (next)" : estimator.getLabelCol();
  }

  @Override
  public StructType labelled(StructType schema) {
    boolean known = List.of(schema.fieldNames()).contains(estimator.getFeaturesCol());
    return learnsNextToken() && known ? schema.add(next(schema)) : schema;
  }

  private StructField next(StructType schema) {
    DataType type = schema.apply(estimator.getFeaturesCol()).dataType();
    return new StructField(label(), type, true, Metadata.empty());
  }

  /** The rows with the tokens' next ones in a column; the last token has none. */
  @Override
  public Dataset<Row> labelled(Dataset<?> data) {
    if (!learnsNextToken()) {
      return data.toDF();
    }
    NumberedColumns rows = NumberedColumns.of(data);
    StructField next = next(rows.schema());
    Column tokens = rows.column(estimator.getFeaturesCol());
    Column none = array(lit(-1)).cast(next.dataType());
    Column later = slice(tokens, lit(2), size(tokens));
    return rows.with(next, concat(later, none)).named();
  }
}
