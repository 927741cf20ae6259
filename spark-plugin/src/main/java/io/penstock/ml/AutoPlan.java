package io.penstock.ml;

import io.penstock.balance.Choice;
import io.penstock.balance.ChoiceRequest;
import io.penstock.balance.Chooser;
import io.penstock.balance.LayerCosts;
import io.penstock.balance.Payoff;
import io.penstock.balance.Prediction;
import io.penstock.balance.Profile;
import io.penstock.balance.ReplicaChoice;
import io.penstock.balance.ReplicaChooser;
import io.penstock.balance.RowTimes;
import io.penstock.launch.cluster.GpuUse;
import io.penstock.launch.job.MeasuredCosts;
import io.penstock.launch.job.ProfileJob;
import io.penstock.link.LinkPrecision;
import io.penstock.nn.network.Sequential;
import io.penstock.nn.network.SplitOutput;
import io.penstock.nn.update.Updater;
import io.penstock.schedule.LinkCost;
import io.penstock.schedule.Schedule;
import io.penstock.train.LayerTime;
import io.penstock.train.TrainingPlan;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.SparkContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Planner of {@code schedule = auto}: a short profile on the executors, and the plan that is best
 * by it.
 *
 * @param precision of the links
 * @param gpus whether the profile, and then the run, is to be on GPUs
 */
record AutoPlan(
    SparkContext context,
    Sequential network,
    Updater updater,
    LinkPrecision precision,
    GpuUse gpus) {
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
    Profile profile = measure(request);
    return resolved(profile, request, Chooser.choose(profile, request));
  }

  /**
   * Measures layers and link, and chooses schedule, cut and the number of executors: as many as pay
   * of those that the cluster offers, in whatever number the request is for.
   */
  ResolvedPlan chooseRanks(ChoiceRequest request) {
    ChoiceRequest all = request.withRanks(ProfileJob.offered(context, network.layers().size()));
    Profile profile = measure(all);
    return resolved(profile, all, Chooser.chooseRanks(profile, all));
  }

  /**
   * Measures layers and link, and chooses the plan of each of some replicas.
   *
   * @param whole request for the whole mini-batch
   */
  ResolvedPlan chooseShare(ChoiceRequest whole, int replicas) {
    ChoiceRequest request = whole.share(replicas);
    Profile profile = measure(request);
    Choice choice = Chooser.choose(profile, request);
    ResolvedPlan plan = resolved(replicas, choice, Optional.empty());
    Prediction prediction = predicted(profile, request.batchSize(), plan);
    return resolved(replicas, choice.predicting(prediction), Optional.empty());
  }

  /**
   * Predicts a plan, with the exchange of gradients where it has replicas.
   *
   * @param rows of a replica's share of a mini-batch
   */
  Prediction predicted(Profile profile, int rows, ResolvedPlan plan) {
    Schedule schedule = plan.schedule();
    LayerCosts layers = profile.costs(rows, schedule.microBatches());
    return plan.replicas() == 1
        ? Prediction.of(profile, layers, schedule, plan.cut())
        : Prediction.of(profile, layers, schedule, plan.cut(), plan.replicas(), gradientBytes());
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
    int measuring = Math.min(all.ranks(), network.layers().size());
    Profile profile = measure(all.withRanks(measuring));
    ReplicaChoice choice =
        ReplicaChooser.choose(profile, all, gradientBytes(), stages, replicas, groups);
    LOG.info("Plan for {}\n{}", new Amount(all.ranks(), "executor"), choice.table());
    return resolved(choice.best().replicas(), choice.plan(), Optional.empty());
  }

  private List<Double> gradientBytes() {
    return IntStream.range(0, network.layers().size())
        .mapToObj(layer -> (double) Float.BYTES * network.parameterCount(network.owner(layer)))
        .toList();
  }

  static ResolvedPlan resolved(Profile profile, ChoiceRequest request, Choice choice) {
    return resolved(1, choice, Payoff.of(profile, request, choice));
  }

  private static ResolvedPlan resolved(int replicas, Choice choice, Optional<Payoff> payoff) {
    return new ResolvedPlan(
        TrainingPlan.lowerAndVerify(choice.best().schedule()),
        replicas,
        replicas,
        choice.best().cut(),
        Optional.of(choice),
        payoff);
  }

  /**
   * Measures layers and link on the executors.
   *
   * @throws io.penstock.launch.cluster.PreflightException if the cluster has too few executors
   */
  Profile measure(ChoiceRequest request) {
    // Sizes are those of the stages' own numbers; fewer bytes are as good as a faster link.
    double saved = (double) LinkPrecision.FLOAT32.bytes() / precision.bytes();
    MeasuredCosts measured =
        ProfileJob.run(
            context, network, updater, request.ranks(), List.copyOf(rowCounts(request)), gpus);
    return Profile.of(
        SplitOutput.inTraining(network),
        updater,
        byRows(measured.layers()),
        updates(measured.layers()),
        new LinkCost(
            measured.link().latency(),
            saved * measured.link().bytesPerSecond(),
            measured.link().busy()),
        measured.memoryBytes());
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

  private static List<RowTimes> byRows(List<LayerTime> times) {
    Map<Integer, List<LayerTime>> byRows =
        times.stream()
            .collect(Collectors.groupingBy(LayerTime::rows, TreeMap::new, Collectors.toList()));
    return byRows.entrySet().stream()
        .map(
            entry ->
                new RowTimes(
                    entry.getKey(),
                    seconds(entry.getValue(), LayerTime::forward),
                    seconds(entry.getValue(), LayerTime::input),
                    seconds(entry.getValue(), LayerTime::weight)))
        .toList();
  }

  /** An update does not depend on the rows it was learnt from, so any number of rows will do. */
  private static List<Double> updates(List<LayerTime> times) {
    int rows = times.get(0).rows();
    return seconds(times.stream().filter(time -> time.rows() == rows).toList(), LayerTime::update);
  }

  private static List<Double> seconds(List<LayerTime> layers, ToDoubleFunction<LayerTime> part) {
    return layers.stream().map(part::applyAsDouble).toList();
  }
}
