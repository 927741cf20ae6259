package io.penstock.ml;

import io.penstock.balance.ChoiceRequest;
import io.penstock.balance.Cut;
import io.penstock.balance.LayerCosts;
import io.penstock.balance.Layout;
import io.penstock.balance.Partitioner;
import io.penstock.nn.Sequential;
import io.penstock.nn.SoftmaxCrossEntropy;
import io.penstock.schedule.Recomputation;
import io.penstock.schedule.Schedule;
import io.penstock.schedule.ScheduleRequest;
import io.penstock.schedule.Schedules;
import io.penstock.train.TrainingPlan;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntArrayParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.LongParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.StringArrayParam;

/**
 * The params of all pipeline-parallel estimators and their models, with getters. MLlib finds a
 * param by the public method of its name.
 */
public interface PipelineParallelParams extends OptimizerParams {
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

  /** Param for the network. */
  default Param<Sequential> network() {
    return own().network;
  }

  /** Param for the number of executors that the stages lie on. Default: 2 */
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

  /** Param for the share of a label that is spread over all classes (0 <= x < 1). Default: 0 */
  default DoubleParam labelSmoothing() {
    return own().labelSmoothing;
  }

  /** Param for the schedule. Default: "1f1b" */
  default Param<String> schedule() {
    return own().schedule;
  }

  /** Param for the number of stages on each executor. */
  default IntParam numVirtualStages() {
    return own().numVirtualStages;
  }

  /** Param for the forwards of the warm-up. */
  default IntParam warmUp() {
    return own().warmUp;
  }

  /** Param for which forwards are done a second time. Default: "never" */
  default Param<String> recompute() {
    return own().recompute;
  }

  /** Param for the first layer of every stage. */
  default IntArrayParam stageStarts() {
    return own().stageStarts;
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

  default Sequential getNetwork() {
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

  default double getLabelSmoothing() {
    return (Double) $(labelSmoothing());
  }

  default String getRecompute() {
    return $(recompute());
  }

  default String getSchedule() {
    return $(schedule());
  }

  default int getNumVirtualStages() {
    return (Integer) $(numVirtualStages());
  }

  default int getWarmUp() {
    return (Integer) $(warmUp());
  }

  default int[] getStageStarts() {
    return (int[]) $(stageStarts());
  }

  default long getSeed() {
    return (Long) $(seed());
  }

  /**
   * The network that the params describe: {@code network} if it is set, else a perceptron of {@code
   * layers}; its loss with {@code labelSmoothing} where that is set.
   *
   * @throws IllegalArgumentException if neither is set, or the loss has no labels to smooth
   */
  default Sequential resolveNetwork() {
    Sequential network;
    if (isDefined(network())) {
      network = getNetwork();
    } else if (isDefined(layers())) {
      network = Sequential.perceptron(getLayers());
    } else {
      throw new IllegalArgumentException(
          "No network: set layers, for example setLayers(new int[] {784, 256, 10}), or"
              + " setNetwork(Sequential).");
    }
    if (!isSet(labelSmoothing())) {
      return network;
    }
    if (network.loss() instanceof SoftmaxCrossEntropy loss) {
      return new Sequential(network.input(), network.layers(), loss.smoothed(getLabelSmoothing()));
    }
    if (getLabelSmoothing() > 0) {
      throw new IllegalArgumentException(
          "labelSmoothing is "
              + getLabelSmoothing()
              + ", but the network's loss is "
              + network.loss().name()
              + ", whose labels are no classes. Leave it out, or build the network with"
              + " loss(Losses.softmaxCrossEntropy()).");
    }
    return network;
  }

  /** Whether schedule, micro-batches and cut are to be chosen from a profile. */
  default boolean isAutoSchedule() {
    return getSchedule().equals(AutoPlan.ID);
  }

  /**
   * What is to be chosen, and what the params fix of it: micro-batches, virtual stages and warm-up
   * where they are set.
   *
   * @throws IllegalArgumentException if the params fix what cannot be fixed
   */
  default ChoiceRequest resolveChoice() {
    if (isDefined(stageStarts())) {
      throw new IllegalArgumentException(
          "stageStarts is set, but schedule auto chooses the cut with the schedule. Leave one of"
              + " them out.");
    }
    ChoiceRequest request = ChoiceRequest.of(getNumStages(), getBatchSize());
    if (isSet(numMicroBatches())) {
      request = request.withMicroBatches(getNumMicroBatches());
    }
    if (isDefined(numVirtualStages())) {
      request = request.withVirtualStages(getNumVirtualStages());
    }
    request = request.withRecomputation(Recomputation.named(getRecompute()));
    return isDefined(warmUp()) ? request.withWarmUp(getWarmUp()) : request;
  }

  /**
   * The schedule that the params describe, as executors walk it; not for {@code auto}, which takes
   * a profile.
   *
   * @throws IllegalArgumentException if there is none for these numbers, or it trains nothing; the
   *     message says what would do
   */
  default Schedule resolveSchedule() {
    ScheduleRequest request =
        ScheduleRequest.of(getSchedule(), getNumStages(), getNumMicroBatches());
    if (isDefined(numVirtualStages())) {
      request = request.withVirtualStages(getNumVirtualStages());
    }
    if (isDefined(warmUp())) {
      request = request.withWarmUp(getWarmUp());
    }
    Schedule schedule = Schedules.generate(request);
    if (schedule.isForwardOnly()) {
      throw new IllegalArgumentException(
          "Schedule "
              + schedule.name()
              + " has no backward, so nothing would be learnt. Choose another, for example 1f1b.");
    }
    return TrainingPlan.runnable(schedule, Recomputation.named(getRecompute()));
  }

  /**
   * Which layers lie on which stage: {@code stageStarts} if it is set, else the cut whose slowest
   * stage is fastest.
   *
   * @param memoryBytes off-heap memory that an executor may use
   * @throws IllegalArgumentException if the network cannot be cut so, or no cut fits in memory
   */
  default Cut resolveCut(Sequential network, Schedule schedule, long memoryBytes) {
    int rows = (getBatchSize() + schedule.microBatches() - 1) / schedule.microBatches();
    LayerCosts costs = LayerCosts.estimated(network, rows, resolveUpdater());
    Layout layout = Layout.of(schedule).withMemoryLimit(memoryBytes);
    if (!isDefined(stageStarts())) {
      return Partitioner.partition(costs, layout);
    }
    Cut own = new Cut(Arrays.stream(getStageStarts()).boxed().toList(), costs.count());
    Partitioner.check(own, costs, layout);
    return own;
  }

  /** The columns that hold the features: featuresCols if set, else {@code featuresCol}. */
  default List<String> resolveFeatures(String featuresCol) {
    return isDefined(featuresCols()) ? List.of(getFeaturesCols()) : List.of(featuresCol);
  }
}
