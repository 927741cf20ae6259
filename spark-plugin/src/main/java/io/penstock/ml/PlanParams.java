package io.penstock.ml;

import io.penstock.balance.ChoiceRequest;
import io.penstock.balance.Cut;
import io.penstock.balance.CutConstraints;
import io.penstock.balance.LayerCosts;
import io.penstock.balance.Partitioner;
import io.penstock.feed.MiniBatches;
import io.penstock.link.LinkPrecision;
import io.penstock.nn.network.Sequential;
import io.penstock.schedule.Recomputation;
import io.penstock.schedule.Schedule;
import io.penstock.schedule.ScheduleRequest;
import io.penstock.schedule.generate.Schedules;
import io.penstock.train.TrainingPlan;
import java.util.Arrays;
import org.apache.spark.ml.param.IntArrayParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.Param;

/** The params that say which executor does what in which order, with getters. */
public interface PlanParams extends OptimizerParams {
  private <P extends Param<?>> P own(String name) {
    return paramRegistry().get(name);
  }

  /** Param for the rows of a mini-batch (>= 1). Default: 128 */
  default IntParam batchSize() {
    return own("batchSize");
  }

  /**
   * Param for the number of executors that the stages lie on (>= 0; 0: as many as pay, chosen by
   * schedule auto). Default: 2
   */
  default IntParam numStages() {
    return own("numStages");
  }

  /** Param for the number of micro-batches of a mini-batch (>= 1). Default: 4 */
  default IntParam numMicroBatches() {
    return own("numMicroBatches");
  }

  /** Param for the schedule: an id, a file name, or auto. Default: "1f1b" */
  default Param<String> schedule() {
    return own("schedule");
  }

  /** Param for the number of stages on each executor (>= 1). Default: what the schedule has */
  default IntParam numVirtualStages() {
    return own("numVirtualStages");
  }

  /** Param for the forwards of the warm-up (>= 0). Default: what the schedule has */
  default IntParam warmUp() {
    return own("warmUp");
  }

  /** Param for which forwards are done a second time. Default: "never" */
  default Param<String> recompute() {
    return own("recompute");
  }

  /** Param for the numbers that go from executor to executor. Default: "float32" */
  default Param<String> linkPrecision() {
    return own("linkPrecision");
  }

  /** Param for the first layer of every stage. Default: the best cut */
  default IntArrayParam stageStarts() {
    return own("stageStarts");
  }

  default int getBatchSize() {
    return (Integer) $(batchSize());
  }

  default int getNumStages() {
    return (Integer) $(numStages());
  }

  default int getNumMicroBatches() {
    return (Integer) $(numMicroBatches());
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

  default String getRecompute() {
    return $(recompute());
  }

  default String getLinkPrecision() {
    return $(linkPrecision());
  }

  default int[] getStageStarts() {
    return (int[]) $(stageStarts());
  }

  /** The numbers that go from executor to executor. */
  default LinkPrecision resolveLinkPrecision() {
    return LinkPrecision.named(getLinkPrecision());
  }

  /** Whether schedule, micro-batches and cut are to be chosen from a profile. */
  default boolean isAutoSchedule() {
    return getSchedule().equals(AutoPlan.ID);
  }

  /** Whether the number of executors is to be chosen too, of those that the cluster offers. */
  default boolean isAutoStages() {
    return getNumStages() == 0;
  }

  /**
   * What is to be chosen, and what the params fix of it: micro-batches, virtual stages and warm-up
   * where they are set. Where the number of executors is to be chosen too, it is for one.
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
    if (isAutoStages()) {
      throw new IllegalArgumentException(
          "numStages is 0, which lets schedule auto choose how many executors pay, but schedule is "
              + getSchedule()
              + ". Set schedule to auto, or numStages to at least 1.");
    }
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
    return TrainingPlan.lowerAndVerify(schedule, Recomputation.named(getRecompute()));
  }

  /**
   * Which layers lie on which stage: {@code stageStarts} if it is set, else the cut whose slowest
   * stage is fastest.
   *
   * @param memoryBytes off-heap memory that an executor may use
   * @throws IllegalArgumentException if the network cannot be cut so, or no cut fits in memory
   */
  default Cut resolveCut(Sequential network, Schedule schedule, long memoryBytes) {
    int rows = MiniBatches.mostRows(network, getBatchSize(), schedule.microBatches());
    LayerCosts costs = LayerCosts.estimated(network, rows, resolveUpdater());
    CutConstraints constraints = CutConstraints.of(schedule).withMemoryLimit(memoryBytes);
    if (!isDefined(stageStarts())) {
      return Partitioner.partition(costs, constraints);
    }
    Cut own = new Cut(Arrays.stream(getStageStarts()).boxed().toList(), costs.count());
    Partitioner.check(own, costs, constraints);
    return own;
  }
}
