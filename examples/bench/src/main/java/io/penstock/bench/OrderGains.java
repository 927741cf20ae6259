package io.penstock.bench;

import io.penstock.balance.Candidate;
import io.penstock.balance.Choice;
import io.penstock.balance.ChoiceRequest;
import io.penstock.balance.Chooser;
import io.penstock.balance.Cut;
import io.penstock.balance.CutConstraints;
import io.penstock.balance.LayerCost;
import io.penstock.balance.LayerCosts;
import io.penstock.balance.LayerTimes;
import io.penstock.balance.Partitioner;
import io.penstock.balance.Profile;
import io.penstock.balance.RowTimes;
import io.penstock.examples.Example;
import io.penstock.examples.Option;
import io.penstock.examples.Options;
import io.penstock.examples.SleepingRanks;
import io.penstock.launch.cluster.NativeRuntime;
import io.penstock.nn.network.Sequential;
import io.penstock.nn.update.Updater;
import io.penstock.schedule.LinkCost;
import io.penstock.schedule.generate.Schedules;
import io.penstock.train.LayerTime;
import io.penstock.train.LayerTimer;
import io.penstock.train.TrainingPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * Gains of the search for a quicker order of actions over the best schedule that is generated, on
 * the layers of reference work as measured here: simulated, and against the clock on layers that
 * only sleep, in the same proportions. Memory is what {@code 1f1b} needs on its best cut, and three
 * quarters of it. Links take no time.
 *
 * <p>{@code examples/run order-gains [--work W2,W3] [--ranks 4,8] [--forward-ms 10] [--steps 3]}
 */
public final class OrderGains {
  private static final Example EXAMPLE =
      new Example(
          "order-gains",
          "What a search for an order of actions gains: simulated, and on layers that sleep",
          List.of(
              Option.someOf("work", "W2,W3", Work.names(), "reference works"),
              Option.counts("ranks", "4,8", "numbers of ranks, with commas"),
              Option.positive("forward-ms", 10, "a rank's mean forward of one micro-batch, asleep"),
              Option.atLeast(0, "steps", "measured asleep, 2 or more; 0 for the simulation alone")
                  .withDefault(3)));

  /** Shares of the memory that 1f1b needs, by name. */
  private static final double[] SHARES = {1, 0.75};

  private final int steps;
  private final double forwardMillis;

  private OrderGains(Options options) {
    this((int) options.number("steps"), options.number("forward-ms"));
    if (steps == 1) {
      throw new IllegalArgumentException(
          "--steps is 1: what is measured is the time from step to step, so take 2 or more, or 0");
    }
  }

  /**
   * @param steps that are measured asleep; 0 for the simulation alone
   * @param forwardMillis a rank's mean forward of one micro-batch, asleep
   */
  OrderGains(int steps, double forwardMillis) {
    this.steps = steps;
    this.forwardMillis = forwardMillis;
  }

  /** Prints the table; see the class. A wrong option ends it with exit status 2. */
  public static void main(String[] arguments) throws Exception {
    EXAMPLE.main(arguments, options -> new OrderGains(options).print(options));
  }

  private void print(Options options) throws Exception {
    NativeRuntime.ready(1);
    System.out.printf(
        Locale.ROOT,
        "%-10s %5s %7s %-14s %12s %12s %8s %12s %12s %8s%n",
        "work",
        "ranks",
        "memory",
        "best generated",
        "simulated ms",
        "searched",
        "gain",
        "asleep ms",
        "searched",
        "gain");
    for (String name : options.words("work")) {
      Work work = Work.named(name);
      for (int ranks : options.counts("ranks")) {
        lines(work, ranks).forEach(System.out::println);
      }
    }
  }

  /** Returns a line for each share of memory. */
  List<String> lines(Work work, int ranks) throws Exception {
    int microBatches = Math.min(4 * ranks, work.batchSize());
    Profile measured = measured(work, microBatches);
    List<String> lines = new ArrayList<>();
    for (double share : SHARES) {
      lines.add(
          String.format(Locale.ROOT, "%-10s %5d %6.0f%% ", work.name(), ranks, 100 * share)
              + line(work, ranks, microBatches, measured, share));
    }
    return lines;
  }

  private String line(Work work, int ranks, int microBatches, Profile measured, double share)
      throws Exception {
    ChoiceRequest request =
        ChoiceRequest.of(ranks, work.batchSize()).withMicroBatches(microBatches);
    Choice choice;
    Profile profile;
    try {
      profile = limited(measured, ranks, work.batchSize(), microBatches, share);
      choice = Chooser.choose(profile, request);
    } catch (IllegalArgumentException none) {
      return "no plan fits";
    }
    boolean found = choice.best().schedule().name().endsWith("searched");
    Candidate generated = found ? choice.next().get(0) : choice.best();
    LayerCosts costs = profile.costs(work.batchSize(), microBatches);
    String simulated =
        String.format(
            Locale.ROOT,
            "%-14s %12.2f %12s %8s",
            generated.schedule().name(),
            1e3 * generated.seconds(),
            found ? String.format(Locale.ROOT, "%.2f", 1e3 * choice.predictedSeconds()) : "-",
            found ? percent(choice.predictedSeconds() / generated.seconds()) : "-");
    if (!found || steps == 0) {
      return simulated;
    }
    double before = asleep(generated, costs, ranks);
    double after = asleep(choice.best(), costs, ranks);
    return simulated
        + String.format(Locale.ROOT, " %12.1f %12.1f %8s", before, after, percent(after / before));
  }

  private static String percent(double ratio) {
    return String.format(Locale.ROOT, "%+.1f%%", 100 * (ratio - 1));
  }

  /** Returns the milliseconds from step to step of layers that sleep as long as these, scaled. */
  private double asleep(Candidate plan, LayerCosts costs, int ranks) throws Exception {
    double forward = costs.layers().stream().mapToDouble(LayerCost::forward).sum() / ranks;
    double times = forwardMillis / (1e3 * forward);
    List<LayerCost> layers =
        costs.layers().stream()
            .map(
                layer ->
                    new LayerCost(
                        times * layer.forward(),
                        times * layer.inputGradient(),
                        times * layer.weightGradient(),
                        0,
                        0,
                        0))
            .toList();
    return new SleepingRanks(
            layers, plan.cut(), TrainingPlan.lowerAndVerify(plan.schedule()), 1, 0, steps)
        .run()
        .inARowMillis();
  }

  /** Returns the profile with as much memory as a share of what 1f1b needs on its best cut. */
  private static Profile limited(
      Profile profile, int ranks, int batchSize, int microBatches, double share) {
    LayerCosts costs = profile.costs(batchSize, microBatches);
    CutConstraints plain = CutConstraints.of(Schedules.generate("1f1b", ranks, microBatches));
    Cut cut = Partitioner.partition(costs, plain);
    long needed =
        IntStream.range(0, ranks)
            .mapToLong(rank -> Partitioner.bytesOn(rank, cut, costs, plain))
            .max()
            .orElseThrow();
    return new Profile(
        profile.oneRow(), profile.executors(), profile.link(), Math.round(share * needed));
  }

  private static Profile measured(Work work, int microBatches) {
    Sequential network = work.network();
    Updater updater = Updater.named(work.updater(), work.learningRate());
    int rows = Math.max(1, work.batchSize() / microBatches);
    List<RowTimes> times = new ArrayList<>();
    for (int count : new int[] {rows, 2 * rows}) {
      List<LayerTime> layers =
          IntStream.range(0, network.layers().size())
              .mapToObj(layer -> LayerTimer.time(network, layer, count, updater))
              .toList();
      times.add(
          new RowTimes(
              count,
              seconds(layers, LayerTime::forward),
              seconds(layers, LayerTime::input),
              seconds(layers, LayerTime::weight)));
    }
    List<Double> noUpdate = network.layers().stream().map(layer -> 0.0).toList();
    return Profile.of(
        network,
        updater,
        List.of(new LayerTimes(times, noUpdate)),
        LinkCost.FREE,
        CutConstraints.UNLIMITED);
  }

  private static List<Double> seconds(List<LayerTime> layers, ToDoubleFunction<LayerTime> part) {
    return layers.stream().map(part::applyAsDouble).toList();
  }
}
