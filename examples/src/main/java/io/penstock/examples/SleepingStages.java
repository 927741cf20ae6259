package io.penstock.examples;

import io.penstock.feed.Batches;
import io.penstock.feed.MiniBatches;
import io.penstock.launch.cluster.NativeRuntime;
import io.penstock.link.Address;
import io.penstock.link.Link;
import io.penstock.link.LinkConfig;
import io.penstock.link.Links;
import io.penstock.nn.loss.Losses;
import io.penstock.nn.network.NetworkBuilder;
import io.penstock.nn.network.Sequential;
import io.penstock.nn.update.Updater;
import io.penstock.schedule.Costs;
import io.penstock.schedule.Schedule;
import io.penstock.schedule.Simulation;
import io.penstock.schedule.Simulator;
import io.penstock.schedule.generate.Schedules;
import io.penstock.train.RankResult;
import io.penstock.train.RankRunner;
import io.penstock.train.Replication;
import io.penstock.train.TrainedLayers;
import io.penstock.train.TrainingPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The simulator against the clock: every schedule on ranks that are threads and on layers that only
 * sleep, with real links and the code that trains. A rank's stages take {@code --forward-ms} for a
 * forward and twice that for a backward, half of it for each gradient; a frame may take longer by
 * {@code --latency-ms}. Besides the time of one step, from its first action to its last, it tells
 * from step to step: ranks wait for no other between mini-batches, so that may be less.
 *
 * <p>{@code examples/run sleeping-stages [--stages 4] [--replicas 1] [--micro-batches 8]
 * [--forward-ms 20] [--latency-ms 0] [--schedule all] [--steps 5]}
 */
public final class SleepingStages {
  private static final Example EXAMPLE =
      new Example(
          "sleeping-stages",
          "Every schedule on layers that only sleep: the simulator against the clock",
          List.of(
              Option.count("stages", 4, "ranks, each a thread"),
              Option.count("replicas", 1, "of all ranks, on threads of their own"),
              Option.count("micro-batches", 8, "of a replica's share of a mini-batch"),
              Option.positive("forward-ms", 20, "a rank's forward of one; its backward is twice"),
              Option.number("latency-ms", 0, "by which a frame takes longer"),
              Option.schedules("all", "all, or a schedule's name"),
              Option.count("steps", 5, "that are measured")));

  private static final double NANOS_PER_MILLI = 1e6;

  /** Steps that are not counted: classes are loaded in them. */
  private static final int WARM_UP = 2;

  /** Steps to simulate one after another, to see what each of many takes. */
  private static final int IN_A_ROW = 4;

  private final int ranks;
  private final int replicas;
  private final int microBatches;
  private final int steps;
  private final double forwardMillis;
  private final double latencyMillis;

  private SleepingStages(Options options) {
    this.ranks = options.count("stages");
    this.replicas = options.count("replicas");
    this.microBatches = options.count("micro-batches");
    this.steps = options.count("steps");
    this.forwardMillis = options.number("forward-ms");
    this.latencyMillis = options.number("latency-ms");
  }

  /** Runs the measurement; see the class. A wrong option ends it with exit status 2. */
  public static void main(String[] arguments) throws Exception {
    EXAMPLE.main(
        arguments, options -> new SleepingStages(options).compare(options.text("schedule")));
  }

  private void compare(String id) throws Exception {
    NativeRuntime.ready(1);
    System.out.printf(
        Locale.ROOT,
        "%s%d ranks, %d micro-batches, %.0f ms forward and %.0f ms backward a rank, %.0f ms"
            + " latency; medians of %d steps%n%n%-14s %6s %12s %12s %8s %12s %12s  %s%n",
        replicas == 1 ? "" : replicas + " replicas of ",
        ranks,
        microBatches,
        forwardMillis,
        2 * forwardMillis,
        latencyMillis,
        steps,
        "schedule",
        "stages",
        "simulated ms",
        "measured ms",
        "off by",
        "in a row: s.",
        "m.",
        "activations held");
    for (String each : id.equals("all") ? Schedules.ids() : List.of(id)) {
      line(each);
    }
  }

  private void line(String id) throws Exception {
    Schedule schedule;
    try {
      schedule = TrainingPlan.lowerAndVerify(Schedules.generate(id, ranks, microBatches));
    } catch (IllegalArgumentException refused) {
      System.out.printf(
          Locale.ROOT, "%-14s %s%n", id, refused.getMessage().lines().findFirst().orElse(""));
      return;
    }
    double part = forwardMillis * ranks / schedule.stages();
    Costs costs = Costs.even(schedule.stages(), part, part, part).withLatency(latencyMillis);
    Simulation simulated = Simulator.simulate(schedule, costs);
    double inARow = Simulator.simulate(schedule.inARow(IN_A_ROW), costs).makespan();
    List<RankResult> results = run(schedule, (long) (part * NANOS_PER_MILLI));
    double measured = medianMillis(results);
    List<Integer> held = results.stream().limit(ranks).map(RankResult::peakActivations).toList();
    System.out.printf(
        Locale.ROOT,
        "%-14s %6d %12.1f %12.1f %+7.1f%% %12.1f %12.1f  %s%s%n",
        id,
        schedule.stages(),
        simulated.makespan(),
        measured,
        100 * (measured / simulated.makespan() - 1),
        (inARow - simulated.makespan()) / (IN_A_ROW - 1),
        inARowMillis(results),
        held,
        held.equals(simulated.peakActivations())
            ? ""
            : ", but simulated " + simulated.peakActivations());
  }

  /** A layer a stage, and one before them that takes no time: the first layer has no input half. */
  private static Sequential network(int stages, long nanos) {
    NetworkBuilder network = Sequential.input(1).flatten();
    for (int stage = 0; stage < stages; stage++) {
      network.layer(new SleepLayer(nanos));
    }
    return network.loss(Losses.squaredError()).build();
  }

  private List<RankResult> run(Schedule schedule, long nanos) throws Exception {
    Sequential network = network(schedule.stages(), nanos);
    List<Integer> starts =
        IntStream.range(0, schedule.stages()).map(i -> i == 0 ? 0 : i + 1).boxed().toList();
    TrainingPlan plan =
        new TrainingPlan(
                "",
                Updater.sgd(0.1).toJson(),
                starts,
                schedule,
                replicas * microBatches,
                WARM_UP + steps,
                1)
            .withReplication(Replication.of(replicas));
    List<Link> links = new ArrayList<>();
    ExecutorService threads = Executors.newFixedThreadPool(plan.ranks());
    try {
      for (int rank = 0; rank < plan.ranks(); rank++) {
        Link link = Links.open(LinkConfig.on("127.0.0.1"));
        links.add(new SlowLink(link, (long) (latencyMillis * NANOS_PER_MILLI)));
      }
      List<Address> addresses = links.stream().map(Link::address).toList();
      List<Future<RankResult>> running = new ArrayList<>();
      for (int rank = 0; rank < plan.ranks(); rank++) {
        int own = rank;
        running.add(
            threads.submit(
                () -> {
                  links.get(own).connect(own, addresses);
                  return rank(own, plan, network, links.get(own));
                }));
      }
      List<RankResult> results = new ArrayList<>();
      for (Future<RankResult> one : running) {
        results.add(one.get());
      }
      return results;
    } catch (ExecutionException failed) {
      throw new IllegalStateException(failed.getCause());
    } finally {
      threads.shutdownNow();
      links.forEach(Link::close);
    }
  }

  private RankResult rank(int rank, TrainingPlan plan, Sequential network, Link link)
      throws InterruptedException {
    int all = plan.microBatches();
    MiniBatches miniBatches = new MiniBatches(all, all, all);
    RankRunner runner =
        new RankRunner(
            rank,
            plan,
            network,
            link,
            plan.topology().isFirst(rank) ? ones() : null,
            plan.topology().isLast(rank) ? ones() : null,
            miniBatches,
            () -> false);
    return runner.run(report -> {}, TrainedLayers.RETURNED);
  }

  private static Batches ones() {
    return new Batches() {
      @Override
      public void startEpoch(int epoch) {}

      @Override
      public INDArray microBatch(int step, int microBatch) {
        return Nd4j.ones(1, 1);
      }
    };
  }

  private double medianMillis(List<RankResult> results) {
    long[] nanos =
        IntStream.range(WARM_UP, WARM_UP + steps)
            .mapToLong(step -> end(results, step) - start(results, step))
            .sorted()
            .toArray();
    return nanos[nanos.length / 2] / NANOS_PER_MILLI;
  }

  /** From the start of one step to that of the next, on the rank that starts first. */
  private double inARowMillis(List<RankResult> results) {
    long[] starts = results.get(0).stepStarts();
    int last = starts.length - 1;
    return (starts[last] - starts[WARM_UP]) / NANOS_PER_MILLI / Math.max(1, last - WARM_UP);
  }

  private static long start(List<RankResult> results, int step) {
    return times(results, step, true).min().orElseThrow();
  }

  private static long end(List<RankResult> results, int step) {
    return times(results, step, false).max().orElseThrow();
  }

  private static LongStream times(List<RankResult> results, int step, boolean starts) {
    return results.stream()
        .mapToLong(result -> (starts ? result.stepStarts() : result.stepEnds())[step]);
  }
}
