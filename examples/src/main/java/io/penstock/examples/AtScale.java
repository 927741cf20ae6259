package io.penstock.examples;

import io.penstock.Amount;
import io.penstock.schedule.Costs;
import io.penstock.schedule.LinkCost;
import io.penstock.schedule.MiniBatchEnd;
import io.penstock.schedule.ReplicaCosts;
import io.penstock.schedule.Schedule;
import io.penstock.schedule.Simulation;
import io.penstock.schedule.Simulator;
import io.penstock.schedule.generate.Schedules;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * Replicas x stages that no machine at hand has, in the simulator: transformers of several sizes on
 * networks of several speeds, with the hand-overs between stages and the exchange of gradients
 * between replicas. Executors compute at one rate whatever they do; a micro-batch is one sequence;
 * all numbers have 4 bytes. The output projection is not counted.
 *
 * <p>{@code examples/run at-scale [--replicas 8] [--stages 8] [--micro-batches 32] [--teraflops 60]
 * [--gbits 10,25,100] [--latency-us 50] [--schedule 1f1b,zb-v]}
 */
public final class AtScale {
  private static final Example EXAMPLE =
      new Example(
          "at-scale",
          "Replicas x stages of large transformers, simulated",
          List.of(
              Option.count("replicas", 8, "of all stages"),
              Option.count("stages", 8, "executors of a replica"),
              Option.count("micro-batches", 32, "of a replica's share of a mini-batch"),
              Option.positive("teraflops", 60, "that an executor makes of these layers"),
              Option.positives("gbits", "10,25,100", "speeds of the network, in Gbit/s"),
              Option.number("latency-us", 50, "of a frame"),
              Option.schedules("1f1b,zb-v", "schedules, with commas")));

  private static final int TOKENS = 1024;
  private static final int IN_A_ROW = 3;

  /** A transformer: blocks of a width, each with 12 width² weights. */
  private record Network(String name, int blocks, int width) {
    double weights() {
      return 12.0 * width * width;
    }

    /** Operations of a block's forward on one sequence. */
    double forward() {
      return 2.0 * TOKENS * weights() + 4.0 * TOKENS * TOKENS * width;
    }

    double frameBytes() {
      return (double) Float.BYTES * TOKENS * width;
    }
  }

  private static final List<Network> NETWORKS =
      List.of(
          new Network("1.6B", 32, 2048),
          new Network("6.4B", 32, 4096),
          new Network("29B", 64, 6144));

  /** What a step takes with a network of one speed. */
  private record Step(double seconds, double bubble) {}

  private final int replicas;
  private final int ranks;
  private final int microBatches;
  private final double rate;
  private final double latency;

  private AtScale(Options options) {
    this.replicas = options.count("replicas");
    this.ranks = options.count("stages");
    this.microBatches = options.count("micro-batches");
    this.rate = 1e12 * options.number("teraflops");
    this.latency = 1e-6 * options.number("latency-us");
  }

  /** Prints the table; see the class. A wrong option ends it with exit status 2. */
  public static void main(String[] arguments) throws Exception {
    EXAMPLE.main(arguments, options -> System.out.print(table(options)));
  }

  /** The table that the command line asks for. */
  static String table(String... arguments) {
    return table(EXAMPLE.parse(arguments));
  }

  private static String table(Options options) {
    AtScale scale = new AtScale(options);
    StringBuilder text = new StringBuilder();
    text.append(
        String.format(
            Locale.ROOT,
            "%s x %s of %.0f TFLOP/s, %s of %s each%n" + "%-8s %-12s %7s %9s %8s %12s %11s%n",
            new Amount(scale.replicas, "replica"),
            new Amount(scale.ranks, "executor"),
            scale.rate / 1e12,
            new Amount(scale.microBatches, "sequence"),
            new Amount(TOKENS, "token"),
            "network",
            "schedule",
            "Gbit/s",
            "step s",
            "bubble",
            "exchange",
            "efficiency"));
    for (Network network : NETWORKS) {
      for (String id : options.schedules()) {
        for (String speed : options.words("gbits")) {
          text.append(scale.line(network, id, Double.parseDouble(speed)));
        }
      }
    }
    return text.toString();
  }

  /** A line: what a step takes, how much of it is the exchange, and what share computes. */
  private String line(Network network, String id, double gbits) {
    Schedule schedule = Schedules.generate(id, ranks, microBatches);
    if (network.blocks() % schedule.stages() != 0) {
      return String.format(
          Locale.ROOT,
          "%-8s %-12s has %s, which do not go into %s%n",
          network.name(),
          id,
          new Amount(network.blocks(), "block"),
          new Amount(schedule.stages(), "stage"));
    }
    Step step = step(network, schedule, gbits, replicas);
    Step alone = step(network, schedule, gbits, 1);
    double ideal = 3 * microBatches * network.blocks() * network.forward() / rate / ranks;
    return String.format(
        Locale.ROOT,
        "%-8s %-12s %7.0f %9.3f %7.1f%% %11.1f%% %10.1f%%%n",
        network.name(),
        id,
        gbits,
        step.seconds(),
        100 * alone.bubble(),
        100 * (step.seconds() - alone.seconds()) / step.seconds(),
        100 * ideal / step.seconds());
  }

  private Step step(Network network, Schedule schedule, double gbits, int copies) {
    int stages = schedule.stages();
    double blocks = (double) network.blocks() / stages;
    double pass = blocks * network.forward() / rate;
    LinkCost link = new LinkCost(latency, gbits * 1e9 / Byte.SIZE);
    List<Double> gradients = Collections.nCopies(stages, Float.BYTES * blocks * network.weights());
    Costs costs =
        Costs.even(stages, pass, pass, pass)
            .withFrameBytes(network.frameBytes())
            .withReplicas(new ReplicaCosts(copies, gradients, link));
    for (int rank = 0; rank < ranks; rank++) {
      for (int other = 0; other < ranks; other++) {
        costs = rank == other ? costs : costs.withLink(rank, other, link);
      }
    }
    Schedule whole =
        MiniBatchEnd.update(MiniBatchEnd.allGather(MiniBatchEnd.reduceScatter(schedule)));
    Simulation one = Simulator.simulate(whole, costs);
    double inARow = Simulator.simulate(whole.inARow(IN_A_ROW), costs).makespan();
    double seconds = (inARow - one.makespan()) / (IN_A_ROW - 1);
    List<Double> busy = new ArrayList<>();
    IntStream.range(0, ranks)
        .forEach(
            rank ->
                busy.add(
                    one.spans().get(rank).stream().mapToDouble(span -> span.duration()).sum()));
    double most = Collections.max(busy);
    return new Step(seconds, Math.max(0, 1 - most / seconds));
  }
}
