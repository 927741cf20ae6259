package io.penstock.ml;

import io.penstock.nn.Loss;
import io.penstock.nn.network.Sequential;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.apache.spark.ml.param.IntArrayParam;
import org.apache.spark.ml.param.StringArrayParam;

/**
 * Params of estimators and models whose rows all have the same number of features, with getters.
 *
 * <p>Like all params of MLlib's they may be read by any thread and are set by one at a time.
 */
public interface TableParams extends PipelineParallelParams {
  /** Param for several numeric columns that are the features. */
  default StringArrayParam featuresCols() {
    return paramRegistry()
        .param(
            "featuresCols",
            name ->
                new StringArrayParam(
                    this,
                    name,
                    "Several numeric columns that are the features, in this order. Takes the place"
                        + " of featuresCol, which holds one vector or array of numbers.",
                    new ParamValidator<>(
                        name,
                        "the names of one numeric column or more, none of them null",
                        names ->
                            names.length >= 1 && Arrays.stream(names).allMatch(Objects::nonNull))));
  }

  /** Param for the sizes of a perceptron's layers. */
  default IntArrayParam layers() {
    return paramRegistry()
        .param(
            "layers",
            name ->
                new IntArrayParam(
                    this,
                    name,
                    "Sizes of a perceptron's layers from inputs to outputs, for example Array(784,"
                        + " 256, 10), with ReLU between them. An own network goes into network.",
                    new ParamValidator<>(
                        name,
                        "at least two sizes, inputs and outputs, each of at least 1, for example"
                            + " {784, 256, 10}",
                        sizes ->
                            sizes.length >= 2
                                && Arrays.stream(sizes).allMatch(size -> size >= 1))));
  }

  /** Returns the columns that are the features: see {@link #featuresCols}. */
  default String[] getFeaturesCols() {
    return (String[]) $(featuresCols());
  }

  /** Returns the sizes of a perceptron's layers: see {@link #layers}. */
  default int[] getLayers() {
    return (int[]) $(layers());
  }

  /** Resolves the columns of features: featuresCols if set, else {@code featuresCol}. */
  default List<String> resolveFeatures(String featuresCol) {
    return isDefined(featuresCols()) ? List.of(getFeaturesCols()) : List.of(featuresCol);
  }

  /**
   * Resolves the network that the params describe: {@code network} if it is set, else a perceptron
   * of {@code layers}.
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
