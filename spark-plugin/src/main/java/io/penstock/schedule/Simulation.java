package io.penstock.schedule;

import java.util.ArrayList;
import java.util.List;

/**
 * Simulation of a schedule: times of its actions, bubble, and peaks of memory; see {@link
 * Simulator}. Immutable. Time runs from 0, when all ranks may start.
 *
 * @param schedule the one that was simulated
 * @param spans for each rank, when it does each of its compute actions, in its order
 * @param peakActivations for each rank, the most activations it keeps at a time, in units of one
 *     stage and micro-batch: from a forward's start until its weight gradient (W, or a whole B) is
 *     done. Where nothing is ever done backward, a forward keeps nothing: then 1
 * @param peakBytes for each rank, the most bytes of activations it keeps at a time
 * @param framesInFlight for each sending rank, for each receiving rank: the most frames sent and
 *     not yet used up by the action that takes them. At most what {@link Verifier#verify} says,
 *     which is over all runs
 */
public record Simulation(
    Schedule schedule,
    List<List<Span>> spans,
    List<Integer> peakActivations,
    List<Double> peakBytes,
    List<List<Integer>> framesInFlight) {

  /** Copies the lists. */
  public Simulation {
    spans = spans.stream().map(List::copyOf).toList();
    peakActivations = List.copyOf(peakActivations);
    peakBytes = List.copyOf(peakBytes);
    framesInFlight = framesInFlight.stream().map(List::copyOf).toList();
  }

  /** Returns the time at which the last rank is done. */
  public double makespan() {
    double latest = 0;
    for (List<Span> rank : spans) {
      latest = Math.max(latest, rank.isEmpty() ? 0 : rank.get(rank.size() - 1).end());
    }
    return latest;
  }

  /** Returns the share of all ranks' time in which they wait, from 0 to 1. */
  public double bubble() {
    return bubblePerRank().stream().mapToDouble(Double::doubleValue).average().orElse(0);
  }

  /** Returns for each rank the share of the makespan in which it waits, from 0 to 1. */
  public List<Double> bubblePerRank() {
    double makespan = makespan();
    List<Double> shares = new ArrayList<>();
    for (List<Span> rank : spans) {
      double busy = rank.stream().mapToDouble(Span::duration).sum();
      // Sums of fractions may come out above the whole by a rounding error.
      shares.add(makespan == 0 ? 0 : Math.max(0, 1 - busy / makespan));
    }
    return shares;
  }

  /** Returns the most frames in flight from one rank to another; 0 where there is no link. */
  public int inFlight(int from, int to) {
    return framesInFlight.get(from).get(to);
  }
}
