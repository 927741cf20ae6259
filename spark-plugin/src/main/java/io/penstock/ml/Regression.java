package io.penstock.ml;

import io.penstock.feed.FeatureColumns;
import io.penstock.feed.LabelKind;
import io.penstock.nn.Loss;
import io.penstock.nn.loss.SoftmaxCrossEntropy;
import io.penstock.nn.network.Sequential;
import java.util.List;
import org.apache.spark.sql.types.StructType;

/** Learning one number or several for every row. */
record Regression(PipelineParallelRegressor estimator) implements LearningTask {
  @Override
  public Sequential network() {
    Loss usual = estimator.resolveLoss();
    Sequential network = estimator.resolveNetwork(usual);
    if (network.loss() instanceof SoftmaxCrossEntropy) {
      throw new IllegalArgumentException(
          "The network's loss is softmaxCrossEntropy, whose labels are classes; a regressor needs"
              + " one of numbers. Build it with loss(Losses.squaredError()), or take"
              + " PipelineParallelClassifier.");
    }
    if (estimator.isDefined(estimator.network())
        && estimator.isSet(estimator.loss())
        && !network.loss().equals(usual)) {
      throw new IllegalArgumentException(
          "loss is "
              + estimator.getLoss()
              + ", but network brings its own loss, "
              + network.loss().name()
              + ". Leave loss out, or build the network with the loss that is wanted.");
    }
    return network;
  }

  @Override
  public LabelKind labels(Sequential network) {
    return LabelKind.reals(Math.toIntExact(network.output().size()));
  }

  @Override
  public FeatureColumns columns(StructType schema, Sequential network) {
    return FeatureColumns.of(
        schema,
        estimator.resolveFeatures(estimator.getFeaturesCol()),
        estimator.getLabelCol(),
        labels(network),
        Math.toIntExact(network.input().size()));
  }

  @Override
  public List<ScoreColumn> scored(StructType schema, Sequential network) {
    int targets = (int) network.output().size();
    return RegressionColumns.of(estimator.getPredictionCol(), targets).columns();
  }
}
