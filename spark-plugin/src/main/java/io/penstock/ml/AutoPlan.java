package io.penstock.ml;

import io.penstock.Amount;
import io.penstock.balance.Choice;
import io.penstock.balance.ChoiceRequest;
import io.penstock.balance.Chooser;
import io.penstock.balance.LayerCosts;
import io.penstock.balance.Payoff;
import io.penstock.balance.Prediction;
import io.penstock.balance.Profile;
import io.penstock.balance.ReplicaChoice;
import io.penstock.balance.ReplicaChooser;
import io.penstock.balance.ReplicaOption;
import io.penstock.event.RankPlace;
import io.penstock.launch.cluster.DeviceDemand;
import io.penstock.launch.job.MeasuredCosts;
import io.penstock.launch.job.ProfileJob;
import io.penstock.link.LinkPrecision;
import io.penstock.nn.network.Sequential;
import io.penstock.nn.network.SplitOutput;
import io.penstock.nn.update.Updater;
import io.penstock.schedule.LinkCost;
import io.penstock.schedule.Schedule;
import io.penstock.train.TrainingPlan;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import java.util.stream.IntStream;
import org.apache.spark.SparkContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Planner of {@code schedule = auto}: a short profile on the executors, and the plan that is best
 * by it.
 *
 * @param precision of the links
 * @param devices whether the profile, and then the run, is to be on GPUs, and how these multiply
 * @param besides bytes that a rank of a plan needs besides what a choice counts: copies of weights
 * @param mayLetGradientsGo whether gradients of one layer at a time will do, where those of all do
 *     not fit
 */
record AutoPlan(
    SparkContext context,
    Sequential network,
    Updater updater,
    LinkPrecision precision,
    DeviceDemand devices,
    ToLongFunction<ResolvedPlan> besides,
    boolean mayLetGradientsGo) {
  private static final Logger LOG = LoggerFactory.getLogger(AutoPlan.class);

  /** Value of the param schedule that lets a run choose its plan itself. */
  static final String ID = "auto";

  /** Shares of a mini-batch to measure with: small, usual and large micro-batches. */
  private static final int[] SHARES = {32, 8, 2};

  /**
   * Measures layers and link, and chooses schedule and cut.
   *
   * @throws io.penstock.launch.cluster.PreflightException if the cluster has too few executors
   * @throws IllegalArgumentException if no plan exists or fits in memory; the message says what
   *     would do
   */
  ResolvedPlan choose(ChoiceRequest request) {
    return withOneGradient(
        measure(request),
        request,
        (rack, one) -> resolved(rack, one, Chooser.choose(rack.profile(), one)));
  }

  /**
   * Measures layers and link, and chooses schedule, cut and the number of executors: as many as pay
   * of those that the cluster offers, in whatever number the request is for.
   */
  ResolvedPlan chooseRanks(ChoiceRequest request) {
    ChoiceRequest all = request.withRanks(ProfileJob.offered(context, network.layers().size()));
    return withOneGradient(
        measure(all),
        all,
        (rack, one) -> resolved(rack, one, Chooser.chooseRanks(rack.profile(), one)));
  }

  /**
   * Measures layers and link, and chooses the plan of each of some replicas.
   *
   * @param whole request for the whole mini-batch
   */
  ResolvedPlan chooseShare(ChoiceRequest whole, int replicas) {
    return within(
        measure(whole.withRanks(replicas * whole.ranks())),
        rack -> {
          ReplicaOption option =
              ReplicaChooser.ofShare(rack.profile(), whole, gradientBytes(), replicas);
          return resolved(
              replicas,
              option.choice().predicting(option.prediction()),
              Optional.empty(),
              placed(rack, option.order()));
        });
  }

  /**
   * Returns the plan that is chosen, or, where none fits in memory, the one of ranks that hold the
   * gradient of one layer at a time, if they may.
   *
   * @throws IllegalArgumentException if none fits so either; the message tells of all gradients
   */
  private ResolvedPlan withOneGradient(
      MeasuredRack measured,
      ChoiceRequest request,
      BiFunction<MeasuredRack, ChoiceRequest, ResolvedPlan> choice) {
    try {
      return within(measured, rack -> choice.apply(rack, request));
    } catch (IllegalArgumentException tooLittle) {
      if (!mayLetGradientsGo) {
        throw tooLittle;
      }
      MeasuredRack one = measured.withOneGradient(SplitOutput.inTraining(network), updater);
      try {
        return within(one, rack -> choice.apply(rack, request.withWeightGradientsLast()));
      } catch (IllegalArgumentException neither) {
        throw tooLittle;
      }
    }
  }

  /**
   * Returns the plan that is chosen, or, where its copies of weights do not fit in memory beside
   * it, the one for that much less memory, if there is one.
   */
  private ResolvedPlan within(MeasuredRack measured, Function<MeasuredRack, ResolvedPlan> choice) {
    ResolvedPlan plan = choice.apply(measured);
    long room = measured.profile().memoryLimit() - besides.applyAsLong(plan);
    if (plan.choice().orElseThrow().best().bytes() <= room) {
      return plan;
    }
    try {
      return choice.apply(measured.withMemoryLimit(Math.max(0, room)));
    } catch (IllegalArgumentException nothingSmaller) {
      return plan; // which the check before the job says more of
    }
  }

  /**
   * Predicts a plan as executors get it, with the exchange of gradients where it has replicas.
   *
   * @param rows of a replica's share of a mini-batch
   */
  Prediction predicted(MeasuredRack measured, int rows, TrainingPlan plan) {
    Profile profile =
        plan.retention().gradients()
            ? measured.profile()
            : measured.withOneGradient(plan.network(), updater).profile();
    Schedule schedule = plan.schedule();
    LayerCosts layers = profile.costs(rows, schedule.microBatches());
    int replicas = plan.replication().replicas();
    return replicas == 1
        ? Prediction.of(profile, layers, schedule, plan.cut())
        : Prediction.of(profile, layers, schedule, plan.cut(), replicas, gradientBytes());
  }

  /**
   * Measures layers and link, and chooses schedule, cut and how many replicas of how many stages to
   * make of the executors that the cluster offers.
   *
   * @param request for the whole mini-batch
   * @param stages executors of a replica; empty to choose them
   * @param replicas how many there are; empty to choose them
   * @param groups gradient groups; empty to choose them
   */
  ResolvedPlan chooseReplicas(
      ChoiceRequest request, OptionalInt stages, OptionalInt replicas, OptionalInt groups) {
    long shares = Math.max(1, request.batchSize() / request.leastRows());
    int most = (int) Math.min(Fit.MOST_EXECUTORS, shares * network.layers().size());
    ChoiceRequest all = request.withRanks(ProfileJob.offered(context, most));
    return within(
        measure(all),
        rack -> {
          ReplicaChoice choice =
              ReplicaChooser.choose(rack.profile(), all, gradientBytes(), stages, replicas, groups);
          LOG.info("Plan for {}\n{}", new Amount(all.ranks(), "executor"), choice.table());
          return resolved(
              choice.best().replicas(),
              choice.plan(),
              Optional.empty(),
              placed(rack, choice.best().order()));
        });
  }

  private List<Double> gradientBytes() {
    return IntStream.range(0, network.layers().size())
        .mapToObj(layer -> (double) Float.BYTES * network.parameterCount(network.owner(layer)))
        .toList();
  }

  static ResolvedPlan resolved(MeasuredRack rack, ChoiceRequest request, Choice choice) {
    return resolved(
        1,
        choice,
        Payoff.of(rack.profile(), request, choice),
        placed(rack, choice.best().executors()));
  }

  private static ResolvedPlan resolved(
      int replicas, Choice choice, Optional<Payoff> payoff, List<RankPlace> places) {
    return new ResolvedPlan(
        TrainingPlan.lowerAndVerify(choice.best().schedule()),
        choice.best().virtualStages(),
        replicas,
        replicas,
        choice.best().cut(),
        Optional.of(choice),
        payoff,
        places);
  }

  private static List<RankPlace> placed(MeasuredRack rack, List<Integer> numbers) {
    if (!numbers.isEmpty()) {
      LOG.info("{}", rack.words(numbers));
    }
    return rack.places(numbers);
  }

  /**
   * Measures layers and link on the executors.
   *
   * @throws io.penstock.launch.cluster.PreflightException if the cluster has too few executors
   */
  MeasuredRack measure(ChoiceRequest request) {
    // Sizes are those of the stages' own numbers; fewer bytes are as good as a faster link.
    double saved = (double) LinkPrecision.FLOAT32.bytes() / precision.bytes();
    MeasuredCosts measured =
        ProfileJob.run(
            context, network, updater, request.ranks(), List.copyOf(rowCounts(request)), devices);
    LinkCost link =
        new LinkCost(
            measured.link().latency(),
            saved * measured.link().bytesPerSecond(),
            measured.link().busy());
    return MeasuredRack.of(measured, SplitOutput.inTraining(network), updater, link);
  }

  /** Two numbers at least, for a line goes through them. */
  private static TreeSet<Integer> rowCounts(ChoiceRequest request) {
    TreeSet<Integer> counts = new TreeSet<>();
    if (request.microBatches().isPresent()) {
      int rows = Math.max(1, request.batchSize() / request.microBatches().getAsInt());
      counts.add(rows);
      counts.add(rows + 1 + rows / 4);
    } else {
      for (int share : SHARES) {
        counts.add(Math.max(1, request.batchSize() / share));
      }
      counts.add(counts.first() + 1);
    }
    return counts;
  }
}
