package io.penstock.ml;

import io.penstock.feed.FeatureColumns;
import io.penstock.feed.LabelKind;
import io.penstock.nn.loss.Losses;
import io.penstock.nn.loss.SoftmaxCrossEntropy;
import io.penstock.nn.network.Sequential;
import java.util.List;
import org.apache.spark.sql.types.StructType;

/** Learning a class for every row. */
record Classification(PipelineParallelClassifier estimator) implements LearningTask {
  @Override
  public Sequential network() {
    Sequential network =
        estimator.classWeighted(
            estimator.smoothed(estimator.resolveNetwork(Losses.softmaxCrossEntropy())));
    if (!(network.loss() instanceof SoftmaxCrossEntropy)) {
      throw new IllegalArgumentException(
          "The network's loss is "
              + network.loss().name()
              + "; a classifier needs softmax cross-entropy. Build it with"
              + " loss(Losses.softmaxCrossEntropy()).");
    }
    if (network.output().rank() != 1) {
      throw new IllegalArgumentException(
          "The network's output rows have shape "
              + network.output()
              + ", a class for every place of a sequence; the classifier gives a row one class. End"
              + " the network with lastStep(), or flatten(), and dense(classes); or train sequences"
              + " with PipelineParallelSequenceLearner.");
    }
    return network;
  }

  @Override
  public LabelKind labels(Sequential network) {
    return LabelKind.classId(classes(network));
  }

  @Override
  public FeatureColumns columns(StructType schema, Sequential network) {
    return FeatureColumns.of(
        schema,
        estimator.resolveFeatures(estimator.getFeaturesCol()),
        estimator.getLabelCol(),
        Math.toIntExact(network.input().size()));
  }

  @Override
  public List<ScoreColumn> scored(StructType schema, Sequential network) {
    return ClassificationColumns.wanted(estimator, classes(network), classNames(schema));
  }

  @Override
  public List<String> classNames(StructType schema) {
    return ClassificationColumns.names(schema.apply(estimator.getLabelCol()));
  }

  private static int classes(Sequential network) {
    return (int) network.output().size();
  }
}
