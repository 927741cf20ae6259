package io.penstock.ml;

import io.penstock.Amount;
import io.penstock.balance.RecomputePolicy;
import io.penstock.schedule.Schedule;
import io.penstock.schedule.ScheduleFile;
import io.penstock.schedule.ScheduleRequest;
import io.penstock.schedule.WeightGradientOrder;
import io.penstock.schedule.generate.Schedules;
import io.penstock.train.TrainingPlan;
import java.util.stream.Stream;
import org.apache.spark.ml.param.BooleanParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.Param;

/**
 * Params of the schedule: how many executors and micro-batches there are, and which actions the
 * stages do in which order, with getters.
 *
 * <p>Like all params of MLlib's they may be read by any thread and are set by one at a time.
 */
public interface ScheduleParams extends ReplicaParams {
  /**
   * Param for the number of executors that the stages lie on (>= 0; 0: as many as pay, chosen by
   * schedule auto). Default: 2
   */
  default IntParam numStages() {
    return paramRegistry()
        .param(
            "numStages",
            2,
            name ->
                new IntParam(
                    uid(),
                    name,
                    "Pipeline-parallel size: the number of executors (>= 0) that the network is"
                        + " spread over, one barrier task each. Each holds one stage, or several"
                        + " where the schedule wants it so. 0 lets schedule auto choose: as many of"
                        + " those that the cluster offers as make a step quicker.",
                    new ParamValidator<>(
                        name,
                        "a whole number of at least 1, or 0 for as many as pay, with schedule auto",
                        value -> (Integer) value >= 0)));
  }

  /** Param for the number of micro-batches of a mini-batch (>= 1). Default: 4 */
  default IntParam numMicroBatches() {
    return paramRegistry()
        .param(
            "numMicroBatches",
            4,
            name ->
                new IntParam(
                    uid(),
                    name,
                    "Number of micro-batches (>= 1) that a mini-batch is cut into. More keep the"
                        + " stages busier, down to where a micro-batch is too small to compute"
                        + " well. What dropout sets to zero, and the rows that batch normalisation"
                        + " takes together, go by micro-batch: another number trains other"
                        + " weights.",
                    ParamValidator.atLeastOne(name)));
  }

  /** Param for the schedule: an id, a file name, or auto. Default: "1f1b" */
  default Param<String> schedule() {
    return paramRegistry()
        .param(
            "schedule",
            "1f1b",
            name -> {
              String ids = String.join(", ", Schedules.trainingIds());
              return ChoiceParam.of(
                  uid(),
                  name,
                  "Order of the stages' work on the micro-batches: one of "
                      + ids
                      + "; or the name of a file on the driver that ends with .csv, with a row for"
                      + " each executor, such as 0F0,0F1,0B0,0B1; or auto, which measures layers"
                      + " and link in a short job and takes the plan with the least simulated step"
                      + " time: schedule, cut and, unless they are set, micro-batches, virtual"
                      + " stages, warm-up and recompute.",
                  // One that only predicts is a name too: a fit says why it does not take it.
                  Stream.concat(Schedules.ids().stream(), Stream.of(AutoPlan.ID)).toList(),
                  "one of " + ids + ", auto, or a file name with .csv",
                  ScheduleFile::isName);
            });
  }

  /** Param for the number of stages on each executor (>= 1). Default: what the schedule has */
  default IntParam numVirtualStages() {
    return paramRegistry()
        .param(
            "numVirtualStages",
            name ->
                new IntParam(
                    uid(),
                    name,
                    "Virtual stages: the number of stages (>= 1) on each executor, for schedules"
                        + " that can have several. Left out, it is what is usual for the schedule.",
                    ParamValidator.atLeastOne(name)));
  }

  /** Param for the forwards of the warm-up (>= 0). Default: what the schedule has */
  default IntParam warmUp() {
    return paramRegistry()
        .param(
            "warmUp",
            name ->
                new IntParam(
                    uid(),
                    name,
                    "Forwards (>= 0) that the first executor does before it turns to one forward,"
                        + " one backward, for schedules that let one choose (eager-1f1b). Left out,"
                        + " it is the schedule's own number.",
                    new ParamValidator<>(
                        name, "a whole number of at least 0", value -> (Integer) value >= 0)));
  }

  /** Param for activation checkpointing: which forwards are done twice. Default: "never" */
  default Param<String> recompute() {
    return paramRegistry()
        .param(
            "recompute",
            RecomputePolicy.NEVER.id(),
            name ->
                ChoiceParam.of(
                    uid(),
                    name,
                    "Activation checkpointing: which layers' forwards are done a second time, so"
                        + " that their activations need not be kept until the backward: never,"
                        + " always (of every stage its input is kept), exceptLast (as always, but"
                        + " those of the last micro-batch of every mini-batch are kept), sqrt (the"
                        + " inputs of √n segments of every stage of n layers are kept, and one"
                        + " after the other is done again), or auto: the layers with which the"
                        + " least time is spent again and all fits in the memory of an executor,"
                        + " none where it does anyway. Saves memory for at most about a third more"
                        + " compute, and changes no bit. Left out, schedule auto takes auto, every"
                        + " other one never.",
                    RecomputePolicy.ids()));
  }

  /** Param for whether inputs that wait for a recomputation are on disk. Default: false */
  default BooleanParam offload() {
    return paramRegistry()
        .param(
            "offload",
            false,
            name ->
                new BooleanParam(
                    uid(),
                    name,
                    "Activation offload: whether what recompute keeps of a forward goes to the"
                        + " executor's disk (spark.local.dir) and is read back ahead of its second"
                        + " time, beside the other work. With it the activations in memory hardly"
                        + " grow with the micro-batches in flight. Changes no bit."));
  }

  /** Returns the number of executors, 0 for as many as pay: see {@link #numStages}. */
  default int getNumStages() {
    return (Integer) $(numStages());
  }

  /** Returns the number of micro-batches of a mini-batch: see {@link #numMicroBatches}. */
  default int getNumMicroBatches() {
    return (Integer) $(numMicroBatches());
  }

  /** Returns the schedule's id, file name, or auto: see {@link #schedule}. */
  default String getSchedule() {
    return $(schedule());
  }

  /** Returns the number of stages on each executor: see {@link #numVirtualStages}. */
  default int getNumVirtualStages() {
    return (Integer) $(numVirtualStages());
  }

  /** Returns the forwards of the warm-up: see {@link #warmUp}. */
  default int getWarmUp() {
    return (Integer) $(warmUp());
  }

  /** Returns which forwards are done twice: see {@link #recompute}. */
  default String getRecompute() {
    return $(recompute());
  }

  /** Returns whether inputs that wait for a recomputation are on disk: see {@link #offload}. */
  default boolean getOffload() {
    return (Boolean) $(offload());
  }

  /** Resolves {@link #getRecompute}: with schedule auto, what is not set is chosen with it. */
  default RecomputePolicy resolveRecompute() {
    return isAutoSchedule() && !isSet(recompute())
        ? RecomputePolicy.AUTO
        : RecomputePolicy.named(getRecompute());
  }

  /** Returns whether schedule, micro-batches and cut are to be chosen from a profile. */
  default boolean isAutoSchedule() {
    return getSchedule().equals(AutoPlan.ID);
  }

  /** Returns whether the number of executors is to be chosen too, of those the cluster offers. */
  default boolean isAutoStages() {
    return getNumStages() == 0;
  }

  /**
   * Resolves the micro-batches of a mini-batch that each replica does.
   *
   * @throws IllegalArgumentException if that is no whole number
   */
  default int resolveShare(int microBatches) {
    int replicas = Math.max(1, getNumReplicas());
    if (microBatches % replicas != 0) {
      throw new IllegalArgumentException(
          "numMicroBatches is "
              + microBatches
              + ", but each of "
              + new Amount(replicas, "replica")
              + " (numReplicas) does as many as the others. Set numMicroBatches to "
              + replicas * Math.max(1, microBatches / replicas)
              + " or another multiple of "
              + replicas
              + ".");
    }
    return microBatches / replicas;
  }

  /**
   * Generates the schedule that the params describe, of a replica's share of a mini-batch, as
   * executors walk it in whole stages; not for {@code auto}, which takes a profile. Which layers
   * are done again, where {@code recompute} goes by layer, hangs on the cut: see {@link
   * PlanParams#resolvePlan}.
   *
   * @throws IllegalArgumentException if there is none for these numbers, or it trains nothing; the
   *     message says what would do
   */
  default Schedule resolveSchedule() {
    return TrainingPlan.lowerAndVerify(resolveRecompute().ofStages(resolveWholeStages()));
  }

  /**
   * Generates the schedule that the params describe, without sends and receives and without second
   * forwards, unless it is a file that has them.
   *
   * @throws IllegalArgumentException as {@link #resolveSchedule()}
   */
  default Schedule resolveWholeStages() {
    if (isAutoReplicas()) {
      throw new IllegalArgumentException(
          "numReplicas is 0, which lets schedule auto choose how many pay, but schedule is "
              + getSchedule()
              + ". Set schedule to auto, or numReplicas to at least 1.");
    }
    if (isAutoStages()) {
      throw new IllegalArgumentException(
          "numStages is 0, which lets schedule auto choose how many executors pay, but schedule is "
              + getSchedule()
              + ". Set schedule to auto, or numStages to at least 1.");
    }
    ScheduleRequest request =
        ScheduleRequest.of(getSchedule(), getNumStages(), resolveShare(getNumMicroBatches()));
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
    return WeightGradientOrder.order(schedule);
  }
}
