package io.penstock.ml;

import io.penstock.balance.ChoiceRequest;
import io.penstock.balance.Cut;
import io.penstock.feed.MiniBatches;
import io.penstock.launch.cluster.ExecutorMemory;
import io.penstock.launch.cluster.GpuUse;
import io.penstock.launch.cluster.NativeMemory;
import io.penstock.nn.network.Sequential;
import io.penstock.schedule.Schedule;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.spark.SparkContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Resolution of a fit's plan: what the params say, or what schedule auto chooses from a profile.
 *
 * @param params the estimator's
 * @param network what is to be trained
 * @param gpus whether the run is to be on GPUs
 */
record PlanResolution(PipelineParallelEstimator<?> params, Sequential network, GpuUse gpus) {
  private static final Logger LOG = LoggerFactory.getLogger(PlanResolution.class);

  private ResolvedPlan chosen(AutoPlan auto, ChoiceRequest request) {
    int replicas = params.getNumReplicas();
    if (params.isAutoReplicas() || (replicas > 1 && params.isAutoStages())) {
      OptionalInt groups =
          params.isDefined(params.gradientGroups())
              ? OptionalInt.of(params.getGradientGroups())
              : new FitCheckpoints(params, network).savedGroups(auto.context());
      OptionalInt stages =
          params.isAutoStages() ? OptionalInt.empty() : OptionalInt.of(params.getNumStages());
      OptionalInt fixed = params.isAutoReplicas() ? OptionalInt.empty() : OptionalInt.of(replicas);
      ResolvedPlan plan = auto.chooseReplicas(request, stages, fixed, groups);
      return plan.replicas() == 1 && groups.isPresent() ? plan.inGroups(groups.getAsInt()) : plan;
    }
    if (params.isAutoStages()) {
      return auto.chooseRanks(request);
    }
    return replicas > 1 ? auto.chooseShare(request, replicas) : auto.choose(request);
  }

  /** Returns what the params leave schedule auto to choose, and what they fix of it. */
  ChoiceRequest request() {
    return params.resolveChoice().withLeastRows(MiniBatches.leastRows(network));
  }

  /** Returns the planner of schedule auto. */
  AutoPlan auto(SparkContext context) {
    return new AutoPlan(
        context, network, params.resolveUpdater(), params.resolveLinkPrecision(), gpus);
  }

  /**
   * Resolves the plan.
   *
   * @throws IllegalArgumentException if there is none, or none that fits in memory
   */
  ResolvedPlan resolve(SparkContext context) {
    if (params.isAutoSchedule()) {
      AutoPlan auto = auto(context);
      OptionalInt saved = new FitCheckpoints(params, network).savedMicroBatches(context);
      ChoiceRequest request =
          saved.isPresent() && !params.isSet(params.numMicroBatches())
              ? request().withMicroBatches(saved.getAsInt())
              : request();
      ResolvedPlan plan = chosen(auto, request);
      plan.choice()
          .filter(choice -> !params.isAutoReplicas()) // of which all options are told
          .ifPresent(
              choice ->
                  LOG.info(
                      "Plan for {}\n{}",
                      new Amount(choice.best().request().ranks(), "executor"),
                      choice.table()));
      return plan;
    }
    Schedule schedule = params.resolveSchedule();
    try {
      Cut cut = params.resolveCut(network, schedule, NativeMemory.available(context.getConf()));
      return new ResolvedPlan(
          schedule,
          params.getNumReplicas(),
          params.getGradientGroups(),
          cut,
          Optional.empty(),
          Optional.empty(),
          List.of());
    } catch (IllegalArgumentException tooLittle) {
      ExecutorMemory memory = ExecutorMemory.of(context.getConf());
      throw new IllegalArgumentException(
          tooLittle.getMessage()
              + ". What a stage may take: "
              + memory.words()
              + ". Set "
              + memory.setting()
              + " to more.",
          tooLittle);
    }
  }
}
