package io.penstock.schedule;

import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.ToDoubleFunction;

/**
 * Links between ranks while a schedule is simulated, with the frames that have travelled over them.
 * For one thread.
 */
final class SimulatedLinks {
  private record Departure(Action user, double time) {}

  private final Costs costs;
  private final double[][] free;
  private final List<List<List<Departure>>> departures = new ArrayList<>();

  SimulatedLinks(int ranks, Costs costs) {
    this.costs = costs;
    this.free = new double[ranks][ranks];
    for (int from = 0; from < ranks; from++) {
      departures.add(new ArrayList<>());
      for (int to = 0; to < ranks; to++) {
        departures.get(from).add(new ArrayList<>());
      }
    }
  }

  /** Takes a frame, no earlier than the one before it on this link; returns when it arrives. */
  double carry(int from, int to, Frame frame, double time) {
    departures.get(from).get(to).add(new Departure(frame.user(), time));
    LinkCost link = costs.link(from, to);
    free[from][to] = Math.max(free[from][to], time) + costs.bytes(frame) / link.bandwidth();
    return free[from][to] + link.latency();
  }

  /**
   * Returns, by sending, then by receiving rank, the most frames that had left and were not used
   * up.
   */
  List<List<Integer>> mostInFlight(ToDoubleFunction<Action> end) {
    return departures.stream()
        .map(row -> row.stream().map(link -> mostInFlight(link, end)).toList())
        .toList();
  }

  private static int mostInFlight(List<Departure> link, ToDoubleFunction<Action> end) {
    PriorityQueue<Double> inFlight = new PriorityQueue<>();
    int most = 0;
    for (Departure departure : link) {
      while (!inFlight.isEmpty() && inFlight.peek() <= departure.time()) {
        inFlight.remove();
      }
      inFlight.add(end.applyAsDouble(departure.user()));
      most = Math.max(most, inFlight.size());
    }
    return most;
  }
}
