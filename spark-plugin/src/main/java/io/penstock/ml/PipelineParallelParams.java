package io.penstock.ml;

import io.penstock.nn.Sequential;
import io.penstock.nn.Updater;
import java.util.List;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntArrayParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.LongParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.Params;
import org.apache.spark.ml.param.StringArrayParam;

/**
 * The params of all pipeline-parallel estimators and their models, with getters. MLlib finds a
 * param by the public method of its name.
 */
public interface PipelineParallelParams extends Params {
  /** Where the params lie; not a param itself. */
  Object networkParams();

  private NetworkParams own() {
    return (NetworkParams) networkParams();
  }

  /** Param for several numeric columns that are the features. */
  default StringArrayParam featuresCols() {
    return own().featuresCols;
  }

  /** Param for the sizes of a perceptron's layers. */
  default IntArrayParam layers() {
    return own().layers;
  }

  /** Param for the network as JSON. */
  default Param<String> network() {
    return own().network;
  }

  /** Param for the number of stages. Default: 2 */
  default IntParam numStages() {
    return own().numStages;
  }

  /** Param for the number of micro-batches of a mini-batch. Default: 4 */
  default IntParam numMicroBatches() {
    return own().numMicroBatches;
  }

  /** Param for the rows of a mini-batch. Default: 128 */
  default IntParam batchSize() {
    return own().batchSize;
  }

  /** Param for the passes over the data. Default: 10 */
  default IntParam epochs() {
    return own().epochs;
  }

  /** Param for the updater, a name or JSON. Default: "adam" */
  default Param<String> updater() {
    return own().updater;
  }

  /** Param for the learning rate of an updater given by name. Default: 0.001 */
  default DoubleParam learningRate() {
    return own().learningRate;
  }

  /** Param for the schedule. Default: "1f1b" */
  default Param<String> schedule() {
    return own().schedule;
  }

  /** Param for the seed. Default: 42 */
  default LongParam seed() {
    return own().seed;
  }

  default String[] getFeaturesCols() {
    return (String[]) $(featuresCols());
  }

  default int[] getLayers() {
    return (int[]) $(layers());
  }

  default String getNetwork() {
    return $(network());
  }

  default int getNumStages() {
    return (Integer) $(numStages());
  }

  default int getNumMicroBatches() {
    return (Integer) $(numMicroBatches());
  }

  default int getBatchSize() {
    return (Integer) $(batchSize());
  }

  default int getEpochs() {
    return (Integer) $(epochs());
  }

  default String getUpdater() {
    return $(updater());
  }

  default double getLearningRate() {
    return (Double) $(learningRate());
  }

  default String getSchedule() {
    return $(schedule());
  }

  default long getSeed() {
    return (Long) $(seed());
  }

  /**
   * The network that the params describe: {@code network} if it is set, else a perceptron of {@code
   * layers}.
   *
   * @throws IllegalArgumentException if neither is set, or the JSON is not a network
   */
  default Sequential resolveNetwork() {
    if (isDefined(network())) {
      return Sequential.fromJson(getNetwork());
    }
    if (isDefined(layers())) {
      return Sequential.perceptron(getLayers());
    }
    throw new IllegalArgumentException(
        "No network: set layers, for example setLayers(new int[] {784, 256, 10}), or"
            + " setNetwork(Sequential).");
  }

  /**
   * The updater that the params describe.
   *
   * @throws IllegalArgumentException if it is neither a known name nor an ND4J updater's JSON
   */
  default Updater resolveUpdater() {
    String said = getUpdater();
    return said.stripLeading().startsWith("{")
        ? Updater.fromJson(said)
        : Updater.named(said, getLearningRate());
  }

  /** The columns that hold the features: featuresCols if set, else {@code featuresCol}. */
  default List<String> resolveFeatures(String featuresCol) {
    return isDefined(featuresCols()) ? List.of(getFeaturesCols()) : List.of(featuresCol);
  }
}
