package io.penstock.balance;

import io.penstock.schedule.Costs;
import io.penstock.schedule.MiniBatchEnd;
import io.penstock.schedule.ReplicaCosts;
import io.penstock.schedule.Schedule;
import io.penstock.schedule.Simulation;
import io.penstock.schedule.Simulator;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Prediction of a plan by simulation: step time, bubble and memory. Immutable.
 *
 * @param seconds of a step, from its start to the next one's, with the slowest rank's update of
 *     weights
 * @param bubble the share of that time in which ranks wait, the update aside, from 0 to 1
 * @param bytes what the rank that needs most has to hold
 */
public record Prediction(double seconds, double bubble, long bytes) {
  /** Steps to simulate one after another, for the time of each of many. */
  static final int IN_A_ROW = 3;

  /** Bytes that a disk writes or reads in a second, which nobody measures: a usual SSD's. */
  private static final double DISK_BANDWIDTH = 1e9;

  private static Costs costs(Profile profile, LayerCosts layers, Schedule schedule, Cut cut) {
    return StageCosts.of(cut, layers, profile.link(), schedule).withDiskBandwidth(DISK_BANDWIDTH);
  }

  /**
   * Simulates a plan.
   *
   * @param layers costs of the layers by the profile at this number of micro-batches
   */
  public static Prediction of(Profile profile, LayerCosts layers, Schedule schedule, Cut cut) {
    Costs costs = costs(profile, layers, schedule, cut);
    Simulation simulation = Simulator.simulate(schedule, costs);
    double inARow = Simulator.simulate(schedule.inARow(IN_A_ROW), costs).makespan();
    // Ranks wait for no other between mini-batches: what counts is the time from step to step.
    double passes = (inARow - simulation.makespan()) / (IN_A_ROW - 1);
    double busy = (1 - simulation.bubble()) * simulation.makespan();
    return new Prediction(
        passes + mostOfARank(schedule, updates(profile, schedule, cut)),
        Math.max(0, 1 - busy / passes),
        HeldBytes.most(simulation, cut, layers));
  }

  /**
   * Simulates replicas of a plan, whose gradients are summed over all of them, each step.
   *
   * @param layers costs of the layers by the profile at a replica's share of a mini-batch
   * @param gradientBytes by layer, what replicas exchange
   */
  public static Prediction of(
      Profile profile,
      LayerCosts layers,
      Schedule schedule,
      Cut cut,
      int replicas,
      List<Double> gradientBytes) {
    Schedule whole =
        MiniBatchEnd.update(MiniBatchEnd.allGather(MiniBatchEnd.reduceScatter(schedule)));
    List<Double> exchanged = sums(cut, gradientBytes);
    Costs costs =
        costs(profile, layers, schedule, cut)
            .withUpdate(updates(profile, schedule, cut))
            .withReplicas(new ReplicaCosts(replicas, exchanged, profile.link()));
    Simulation simulation = Simulator.simulate(schedule, costs);
    double one = Simulator.simulate(whole, costs).makespan();
    double inARow = Simulator.simulate(whole.inARow(IN_A_ROW), costs).makespan();
    double seconds = (inARow - one) / (IN_A_ROW - 1);
    double busy = (1 - simulation.bubble()) * simulation.makespan();
    double updates = mostOfARank(schedule, costs.update());
    // Parts that have come from others, and sums on their way to them.
    long besides = 2 * Math.round(mostOfARank(schedule, exchanged));
    return new Prediction(
        seconds,
        Math.max(0, 1 - busy / (seconds - updates)),
        besides + HeldBytes.most(simulation, cut, layers));
  }

  /** Returns the seconds that the update of each stage takes on its rank. */
  private static List<Double> updates(Profile profile, Schedule schedule, Cut cut) {
    return IntStream.range(0, cut.stages())
        .mapToObj(stage -> sum(cut, stage, profile.updateOn(schedule.rankOf(stage))))
        .toList();
  }

  /** Returns the most that the stages of one rank make together. */
  private static double mostOfARank(Schedule schedule, List<Double> byStage) {
    double[] byRank = new double[schedule.ranks().size()];
    for (int stage = 0; stage < byStage.size(); stage++) {
      byRank[schedule.rankOf(stage)] += byStage.get(stage);
    }
    return Arrays.stream(byRank).max().orElse(0);
  }

  private static List<Double> sums(Cut cut, List<Double> byLayer) {
    return IntStream.range(0, cut.stages()).mapToObj(stage -> sum(cut, stage, byLayer)).toList();
  }

  private static double sum(Cut cut, int stage, List<Double> byLayer) {
    return byLayer.subList(cut.first(stage), cut.end(stage)).stream()
        .mapToDouble(Double::doubleValue)
        .sum();
  }
}
