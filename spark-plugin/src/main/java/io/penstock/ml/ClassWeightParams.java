package io.penstock.ml;

import io.penstock.nn.loss.SoftmaxCrossEntropy;
import io.penstock.nn.network.Sequential;
import java.util.Arrays;
import org.apache.spark.ml.param.DoubleArrayParam;

/**
 * Param of class weights, for estimators whose classes may count differently, with its getter.
 *
 * <p>Like all params of MLlib's they may be read by any thread and are set by one at a time.
 */
public interface ClassWeightParams extends PipelineParallelParams {
  /** Param for how much a label of each class counts (>= 0). Default: none, all count once */
  default DoubleArrayParam classWeights() {
    return paramRegistry()
        .param(
            "classWeights",
            name ->
                new DoubleArrayParam(
                    this,
                    name,
                    "Class weights: how much (>= 0) a label of each class counts, one number for"
                        + " each class in their order, times the weight that weightCol gives its"
                        + " row. Takes the place of the loss's own; left out or empty, all classes"
                        + " count the same. ClassWeights.balanced gives those under which rare"
                        + " classes count as much as frequent ones.",
                    new ParamValidator<>(
                        name,
                        "finite numbers of at least 0, one for each class and not all of them 0",
                        ClassWeightParams::areWeights)));
  }

  private static boolean areWeights(double[] numbers) {
    return numbers.length == 0
        || (Arrays.stream(numbers).allMatch(one -> one >= 0 && Double.isFinite(one))
            && Arrays.stream(numbers).anyMatch(one -> one > 0));
  }

  /** Returns how much a label of each class counts: see {@link #classWeights}. */
  default double[] getClassWeights() {
    return (double[]) $(classWeights());
  }

  /**
   * Returns the network with {@code classWeights} in its loss where they are set and the loss is
   * one of classes.
   *
   * @throws IllegalArgumentException if there are more or fewer of them than classes
   */
  default Sequential classWeighted(Sequential network) {
    return isSet(classWeights()) && network.loss() instanceof SoftmaxCrossEntropy loss
        ? new Sequential(network.input(), network.layers(), loss.weighted(getClassWeights()))
        : network;
  }
}
