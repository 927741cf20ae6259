package io.penstock.ml;

import io.penstock.balance.Choice;
import io.penstock.balance.ChoiceRequest;
import io.penstock.balance.Chooser;
import io.penstock.balance.Payoff;
import io.penstock.balance.Profile;
import io.penstock.balance.RowTimes;
import io.penstock.launch.cluster.GpuUse;
import io.penstock.launch.job.MeasuredCosts;
import io.penstock.launch.job.ProfileJob;
import io.penstock.link.LinkPrecision;
import io.penstock.nn.network.Sequential;
import io.penstock.nn.update.Updater;
import io.penstock.schedule.LinkCost;
import io.penstock.train.LayerTime;
import io.penstock.train.TrainingPlan;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import org.apache.spark.SparkContext;

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

  static ResolvedPlan resolved(Profile profile, ChoiceRequest request, Choice choice) {
    return new ResolvedPlan(
        TrainingPlan.lowerAndVerify(choice.best().schedule()),
        choice.best().cut(),
        Optional.of(choice),
        Payoff.of(profile, request, choice));
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
        network,
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
