package io.penstock.ml;

import io.penstock.balance.ChoiceRequest;
import io.penstock.balance.Cut;
import io.penstock.balance.CutSchedule;
import io.penstock.balance.RecomputePolicy;
import io.penstock.compute.ComputePrecision;
import io.penstock.feed.MiniBatches;
import io.penstock.link.LinkPrecision;
import io.penstock.nn.network.Sequential;
import io.penstock.nn.update.Updater;
import io.penstock.schedule.Recomputation;
import io.penstock.schedule.Schedule;
import io.penstock.train.Retention;
import io.penstock.train.TrainingPlan;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.spark.ml.param.IntArrayParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.Param;

/**
 * Params of the plan: rows of a mini-batch, which layers lie on which stage, and the dtypes of what
 * goes between stages and of products, with getters.
 *
 * <p>Like all params of MLlib's they may be read by any thread and are set by one at a time.
 */
public interface PlanParams extends ScheduleParams {
  /** Param for the rows of a mini-batch (>= 1). Default: 128 */
  default IntParam batchSize() {
    return paramRegistry()
        .param(
            "batchSize",
            128,
            name ->
                new IntParam(
                    uid(),
                    name,
                    "Rows (>= 1) of a mini-batch: those between two updates of the weights.",
                    ParamValidator.atLeastOne(name)));
  }

  /** Param for the dtype of what goes from executor to executor. Default: "float32" */
  default Param<String> linkPrecision() {
    return paramRegistry()
        .param(
            "linkPrecision",
            LinkPrecision.FLOAT32.id(),
            name ->
                ChoiceParam.of(
                    uid(),
                    name,
                    "dtype on the wire: in which numbers activations and their gradients go from"
                        + " executor to executor: float32 (as they are), bfloat16 or float16, which"
                        + " halve what the network carries and round at every cut, so that the"
                        + " result is no longer bit for bit that of one executor. bfloat16 keeps"
                        + " the range, float16 more digits; gradients below 3e-8 vanish in"
                        + " float16.",
                    LinkPrecision.ids()));
  }

  /** Param for the numbers that GPUs take the factors of products in. Default: "float32" */
  default Param<String> computePrecision() {
    return paramRegistry()
        .param(
            "computePrecision",
            ComputePrecision.FLOAT32.id(),
            name ->
                ChoiceParam.of(
                    uid(),
                    name,
                    "Mixed precision: in which numbers GPUs take the factors of matrix products and"
                        + " convolutions: float32 (as they are), tf32 (11 significant bits) or"
                        + " bfloat16 (8), which are many times faster there and round every factor."
                        + " Weights, gradients, activations and sums stay in 32 bits. All but"
                        + " float32 need a GPU for every stage (of compute capability 8.0 or more,"
                        + " through CUDA's driver); fit is refused without.",
                    ComputePrecision.ids()));
  }

  /**
   * Param for the blocks of columns that the last dense layer is split into (>= 0; 0: as few as
   * balance the stages). Default: 1, not split
   */
  default IntParam outputBlocks() {
    return paramRegistry()
        .param(
            "outputBlocks",
            1,
            name ->
                new IntParam(
                    uid(),
                    name,
                    "Blocks of columns (>= 0) that the last dense layer is split into, layers that"
                        + " may lie on several stages: for an output projection to a large"
                        + " vocabulary, which is otherwise the slowest stage. 1 leaves it whole; 0"
                        + " takes as few as balance the stages, by estimated costs, and 1 if a"
                        + " split does not pay. Softmax cross-entropy is computed over the blocks,"
                        + " exactly; their number tells in the last bits, and other random weights"
                        + " begin.",
                    new ParamValidator<>(
                        name,
                        "a whole number of at least 1, or 0 for as few as balance the stages",
                        value -> (Integer) value >= 0)));
  }

  /** Param for the first layer of every stage. Default: the best cut */
  default IntArrayParam stageStarts() {
    return paramRegistry()
        .param(
            "stageStarts",
            name ->
                new IntArrayParam(
                    this,
                    name,
                    "The first layer of every stage, ascending, the first of them 0: a cut of one's"
                        + " own. Left out, the layers are spread so that the slowest stage is as"
                        + " fast as can be.",
                    new ParamValidator<>(
                        name,
                        "layers in ascending order that begin with 0, for example Array(0, 2, 5)",
                        PlanParams::areStarts)));
  }

  private static boolean areStarts(int[] layers) {
    return layers.length >= 1
        && layers[0] == 0
        && IntStream.range(1, layers.length).allMatch(i -> layers[i] > layers[i - 1]);
  }

  /** Returns the rows of a mini-batch: see {@link #batchSize}. */
  default int getBatchSize() {
    return (Integer) $(batchSize());
  }

  /** Returns the dtype of what goes from executor to executor: see {@link #linkPrecision}. */
  default String getLinkPrecision() {
    return $(linkPrecision());
  }

  /** Returns the numbers that GPUs take factors in: see {@link #computePrecision}. */
  default String getComputePrecision() {
    return $(computePrecision());
  }

  /**
   * Returns the blocks that the last layer is split into, 0 for as few as balance the stages: see
   * {@link #outputBlocks}.
   */
  default int getOutputBlocks() {
    return (Integer) $(outputBlocks());
  }

  /** Returns the first layer of every stage: see {@link #stageStarts}. */
  default int[] getStageStarts() {
    return (int[]) $(stageStarts());
  }

  /** Resolves {@link #getLinkPrecision}. */
  default LinkPrecision resolveLinkPrecision() {
    return LinkPrecision.named(getLinkPrecision());
  }

  /** Resolves {@link #getComputePrecision}. */
  default ComputePrecision resolveComputePrecision() {
    return ComputePrecision.named(getComputePrecision());
  }

  /**
   * Resolves the choice that schedule auto has, and what the params fix of it: micro-batches,
   * virtual stages and warm-up where they are set. Where the number of executors is to be chosen
   * too, it is for one. With replicas, it is for the whole mini-batch.
   *
   * @throws IllegalArgumentException if the params fix what cannot be fixed
   */
  default ChoiceRequest resolveChoice() {
    if (isDefined(stageStarts())) {
      throw new IllegalArgumentException(
          "stageStarts is set, but schedule auto chooses the cut with the schedule. Leave one of"
              + " them out.");
    }
    ChoiceRequest request = ChoiceRequest.of(Math.max(1, getNumStages()), getBatchSize());
    if (isSet(numMicroBatches())) {
      resolveShare(getNumMicroBatches());
      request = request.withMicroBatches(getNumMicroBatches());
    }
    if (isDefined(numVirtualStages())) {
      request = request.withVirtualStages(getNumVirtualStages());
    }
    checkOffload(false);
    request = request.withRecomputation(resolveRecompute()).withOffload(getOffload());
    return isDefined(warmUp()) ? request.withWarmUp(getWarmUp()) : request;
  }

  /**
   * Resolves which layers lie on which stage: {@code stageStarts} if it is set, else the cut whose
   * slowest stage is fastest. It fits in memory with the gradients of all layers or, where that is
   * too much and the run may, with those of one layer at a time.
   *
   * @param memoryBytes off-heap memory that an executor may use
   * @throws IllegalArgumentException if the network cannot be cut so, or no cut fits in memory
   */
  default Cut resolveCut(Sequential network, Schedule schedule, long memoryBytes) {
    return memoryCut(network, schedule, RecomputePolicy.NEVER, false)
        .within(ownCut(network), memoryBytes)
        .cut();
  }

  /**
   * Resolves the plan of a schedule other than auto: which layers lie on which stage, the schedule
   * as executors walk it, and, where {@code recompute} goes by layer, the segments that stages are
   * divided into.
   *
   * @param memoryBytes off-heap memory that an executor may use
   * @throws IllegalArgumentException as {@link #resolveSchedule()} and {@link #resolveCut}
   */
  default CutSchedule resolvePlan(Sequential network, long memoryBytes) {
    CutSchedule plan =
        memoryCut(network, resolveWholeStages(), resolveRecompute(), getOffload())
            .within(ownCut(network), memoryBytes);
    checkOffload(Recomputation.recomputes(plan.schedule()));
    return new CutSchedule(TrainingPlan.lowerAndVerify(plan.schedule()), plan.cut());
  }

  /**
   * @param recomputes whether something is done again in any case
   */
  private void checkOffload(boolean recomputes) {
    if (getOffload() && resolveRecompute() == RecomputePolicy.NEVER && !recomputes) {
      throw new IllegalArgumentException(
          "offload is true, but recompute is never: what goes to disk are the inputs of layers that"
              + " are done again. Set recompute to always, sqrt or auto, or offload to false.");
    }
  }

  private MemoryCut memoryCut(
      Sequential network, Schedule schedule, RecomputePolicy again, boolean offload) {
    int replicas = Math.max(1, getNumReplicas());
    int microBatches = replicas * schedule.microBatches();
    int rows = MiniBatches.mostRows(network, getBatchSize(), microBatches);
    Updater updater = resolveUpdater();
    boolean mayLetGradientsGo =
        Retention.mayLetGradientsGo(
            network,
            schedule,
            updater,
            resolveBadNumbers(),
            resolveReplication(replicas, replicas));
    return new MemoryCut(
        network,
        rows,
        updater,
        again,
        offload,
        schedule,
        getShardOptimizer() ? replicas : 1,
        mayLetGradientsGo);
  }

  private Optional<Cut> ownCut(Sequential network) {
    return isDefined(stageStarts())
        ? Optional.of(
            new Cut(Arrays.stream(getStageStarts()).boxed().toList(), network.layers().size()))
        : Optional.empty();
  }
}
