package io.penstock.ml;

import io.penstock.nn.Loss;
import io.penstock.nn.network.Sequential;
import java.util.List;
import org.apache.spark.ml.param.IntArrayParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.StringArrayParam;

/** The params of estimators and models whose rows all have the same number of features. */
public interface TableParams extends PipelineParallelParams {
  private <P extends Param<?>> P own(String name) {
    return paramRegistry().get(name);
  }

  /** Param for several numeric columns that are the features. */
  default StringArrayParam featuresCols() {
    return own("featuresCols");
  }

  /** Param for the sizes of a perceptron's layers. */
  default IntArrayParam layers() {
    return own("layers");
  }

  default String[] getFeaturesCols() {
    return (String[]) $(featuresCols());
  }

  default int[] getLayers() {
    return (int[]) $(layers());
  }

  /** The columns that hold the features: featuresCols if set, else {@code featuresCol}. */
  default List<String> resolveFeatures(String featuresCol) {
    return isDefined(featuresCols()) ? List.of(getFeaturesCols()) : List.of(featuresCol);
  }

  /**
   * The network that the params describe: {@code network} if it is set, else a perceptron of {@code
   * layers}.
   *
   * @param usual the perceptron's loss
   * @throws IllegalArgumentException if neither is set
   */
  default Sequential resolveNetwork(Loss usual) {
    if (isDefined(network())) {
      return getNetwork();
    }
    if (isDefined(layers())) {
      return Sequential.perceptron(usual, getLayers());
    }
    throw new IllegalArgumentException(
        "No network: set layers, for example setLayers(new int[] {784, 256, 10}), or"
            + " setNetwork(Sequential).");
  }
}
