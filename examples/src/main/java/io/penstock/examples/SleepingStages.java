package io.penstock.examples;

import io.penstock.Amount;
import io.penstock.balance.Cut;
import io.penstock.balance.LayerCost;
import io.penstock.launch.cluster.NativeRuntime;
import io.penstock.schedule.Costs;
import io.penstock.schedule.Schedule;
import io.penstock.schedule.Simulation;
import io.penstock.schedule.Simulator;
import io.penstock.schedule.generate.Schedules;
import io.penstock.train.TrainingPlan;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

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
              Option.schedules("all", "all, or schedules, with commas"),
              Option.count("steps", 5, "that are measured")));

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
    EXAMPLE.main(arguments, options -> new SleepingStages(options).compare(options.schedules()));
  }

  private void compare(List<String> ids) throws Exception {
    NativeRuntime.ready(1);
    System.out.printf(
        Locale.ROOT,
        "%s%s, %s, %.0f ms forward and %.0f ms backward a rank, %.0f ms"
            + " latency; medians of %s%n%n%-14s %6s %12s %12s %8s %12s %12s  %s%n",
        replicas == 1 ? "" : new Amount(replicas, "replica") + " of ",
        new Amount(ranks, "rank"),
        new Amount(microBatches, "micro-batch"),
        forwardMillis,
        2 * forwardMillis,
        latencyMillis,
        new Amount(steps, "step"),
        "schedule",
        "stages",
        "simulated ms",
        "measured ms",
        "off by",
        "in a row: s.",
        "m.",
        "activations held");
    for (String each : ids.equals(List.of("all")) ? Schedules.ids() : ids) {
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
    double seconds = part / 1e3;
    List<LayerCost> layers =
        Collections.nCopies(schedule.stages(), new LayerCost(seconds, seconds, seconds, 0, 0, 0));
    Cut cut = new Cut(IntStream.range(0, layers.size()).boxed().toList(), layers.size());
    SleepingRanks.Steps run =
        new SleepingRanks(layers, cut, schedule, replicas, latencyMillis, steps).run();
    double measured = run.medianMillis();
    List<Integer> held = run.peakActivations();
    System.out.printf(
        Locale.ROOT,
        "%-14s %6d %12.1f %12.1f %+7.1f%% %12.1f %12.1f  %s%s%n",
        id,
        schedule.stages(),
        simulated.makespan(),
        measured,
        100 * (measured / simulated.makespan() - 1),
        (inARow - simulated.makespan()) / (IN_A_ROW - 1),
        run.inARowMillis(),
        held,
        held.equals(simulated.peakActivations())
            ? ""
            : ", but simulated " + simulated.peakActivations());
  }
}
