package io.penstock.ml;

import io.penstock.Amount;
import io.penstock.balance.ChoiceRequest;
import io.penstock.balance.CutSchedule;
import io.penstock.balance.HeldBytes;
import io.penstock.balance.LayerCosts;
import io.penstock.balance.RecomputePolicy;
import io.penstock.feed.MiniBatches;
import io.penstock.launch.cluster.DeviceDemand;
import io.penstock.launch.cluster.ExecutorMemory;
import io.penstock.launch.cluster.GpuUse;
import io.penstock.launch.cluster.NativeMemory;
import io.penstock.nn.network.Sequential;
import io.penstock.train.Retention;
import io.penstock.train.TrainingPlan;
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
        context,
        network,
        params.resolveUpdater(),
        params.resolveLinkPrecision(),
        new DeviceDemand(gpus, params.resolveComputePrecision()),
        this::besides,
        mayLetGradientsGo());
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
    try {
      return fixed(NativeMemory.available(context.getConf()));
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

  /**
   * Returns the plan that the params say, within the memory of an executor, where what a cut does
   * not count has room too. Layers that are chosen to be done again make room for copies of weights
   * as well, where they can; where not, ranks let go of copies that they can make again.
   */
  private ResolvedPlan fixed(long memoryBytes) {
    ResolvedPlan plan = within(memoryBytes);
    boolean chosen = params.resolveRecompute() == RecomputePolicy.AUTO;
    TrainingPlan all = plan(plan);
    List<Retention> allowed =
        chosen ? List.of(Retention.ALL) : Retention.choices(all, all.network());
    if (allowed.stream().anyMatch(one -> needed(all.withRetention(one)) <= memoryBytes)) {
      return plan;
    }
    TrainingPlan some = chosen ? all : all.withRetention(new Retention(false, true));
    try {
      return within(Math.max(0, memoryBytes - (needed(some) - held(plan))));
    } catch (IllegalArgumentException nothingSmaller) {
      return plan; // which the check before the job says more of, if it does not fit either
    }
  }

  private ResolvedPlan within(long memoryBytes) {
    CutSchedule plan = params.resolvePlan(network, memoryBytes);
    return new ResolvedPlan(
        plan.schedule(),
        params.resolveWholeStages().stages() / plan.schedule().ranks().size(),
        params.getNumReplicas(),
        params.getGradientGroups(),
        plan.cut(),
        Optional.empty(),
        Optional.empty(),
        List.of());
  }

  /** Returns what a plan holds by the count of a cut: state and activations. */
  private long held(ResolvedPlan plan) {
    TrainingPlan training = plan(plan);
    LayerCosts costs =
        LayerCosts.estimated(
            training.network(), training.rowsPerMicroBatch(), params.resolveUpdater());
    return HeldBytes.of(plan.schedule(), plan.cut(), costs);
  }

  /**
   * Returns what a plan needs besides, by the check before the job: copies of weights and what
   * travels. Less than nothing where a cut counts gradients of more micro-batches than there are at
   * a time.
   */
  private long besides(ResolvedPlan plan) {
    return needed(plan(plan)) - held(plan);
  }

  /** Returns what executors need for a plan, by the check before the job. */
  long needed(TrainingPlan plan) {
    return NativeMemory.needed(plan, validates(), writesCheckpoints());
  }

  /** Returns the plan that executors get, retaining what fits: as the fit's own run would. */
  TrainingPlan fitted(SparkContext context, ResolvedPlan resolved) {
    return NativeMemory.fitted(context.getConf(), plan(resolved), validates(), writesCheckpoints());
  }

  private boolean mayLetGradientsGo() {
    return !params.isAutoReplicas()
        && Retention.mayLetGradientsGo(
            network,
            params.resolveUpdater(),
            params.resolveBadNumbers(),
            params.resolveReplication(params.getNumReplicas(), params.getNumReplicas()));
  }

  private boolean validates() {
    return params.isDefined(params.validationIndicatorCol());
  }

  private boolean writesCheckpoints() {
    return new FitCheckpoints(params, network).areWanted();
  }

  /** Returns the plan that executors get. */
  TrainingPlan plan(ResolvedPlan resolved) {
    return new TrainingPlan(
            network.toWire(),
            params.resolveUpdater().toJson(),
            resolved.cut().starts(),
            resolved.schedule(),
            params.getBatchSize(),
            params.getMaxIter(),
            params.getSeed())
        .stopping(params.resolveStopping())
        .withLinkPrecision(params.resolveLinkPrecision())
        .withComputePrecision(params.resolveComputePrecision())
        .withBadNumbers(params.resolveBadNumbers())
        .withReplication(params.resolveReplication(resolved.replicas(), resolved.gradientGroups()));
  }
}
