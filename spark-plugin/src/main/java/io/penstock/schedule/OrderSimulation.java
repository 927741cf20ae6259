package io.penstock.schedule;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Simulation of orders of the same actions, for a search that plays thousands of them: in numbers,
 * with the times of {@link Simulator} and nothing else. For one thread.
 */
final class OrderSimulation {
  private static final int NONE = ActionFigures.NONE;

  /** Sums of the same times in another order differ by less than this, relatively. */
  private static final double ROUNDING = 1e-12;

  private final ActionFigures figures;
  private final int miniBatches;

  /** Of the last order played, by mini-batch and action. */
  private final double[] end;

  private final double[] arrival;

  /** Whether an action waited for nothing but its rank. */
  private final boolean[] followed;

  private final double[] free;
  private final double[] left;
  private final double[][] link;
  private final int[] next;

  /**
   * @param miniBatches how many to play in a row
   */
  OrderSimulation(ActionFigures figures, int ranks, int miniBatches) {
    this.figures = figures;
    this.miniBatches = miniBatches;
    int all = miniBatches * figures.count();
    this.end = new double[all];
    this.arrival = new double[all];
    this.followed = new boolean[all];
    this.free = new double[ranks];
    this.left = new double[ranks];
    this.link = new double[ranks][ranks];
    this.next = new int[ranks];
  }

  /**
   * Plays an order.
   *
   * @param orders the actions of each rank
   * @param enough a time to give up at
   * @return the time at which the last rank is done; infinite if that is later than enough, or if
   *     ranks wait for each other for ever
   */
  double makespan(int[][] orders, double enough) {
    double limit = enough * (1 + ROUNDING);
    Arrays.fill(end, Double.NaN);
    Arrays.fill(free, 0);
    Arrays.fill(left, 0);
    Arrays.fill(next, 0);
    for (double[] row : link) {
      Arrays.fill(row, 0);
    }
    for (int action = 0; action < figures.count(); action++) {
      left[figures.rank[action]] += miniBatches * figures.time[action];
    }
    boolean moved = true;
    while (moved) {
      moved = false;
      for (int rank = 0; rank < orders.length; rank++) {
        int before = next[rank];
        advance(rank, orders[rank]);
        moved |= next[rank] > before;
        if (free[rank] + left[rank] > limit + figures.busy[last(orders[rank])]) {
          return Double.POSITIVE_INFINITY;
        }
      }
    }
    double latest = 0;
    for (int rank = 0; rank < orders.length; rank++) {
      if (next[rank] < miniBatches * orders[rank].length) {
        return Double.POSITIVE_INFINITY;
      }
      latest = Math.max(latest, end[end.length - figures.count() + last(orders[rank])]);
    }
    return latest > limit ? Double.POSITIVE_INFINITY : latest;
  }

  private static int last(int[] order) {
    return order[order.length - 1];
  }

  /** Does what a rank can do until it has to wait for another. */
  private void advance(int rank, int[] order) {
    while (next[rank] < miniBatches * order.length) {
      int action = order[next[rank] % order.length];
      int before = next[rank] / order.length * figures.count();
      int maker = figures.maker[action];
      double start = free[rank];
      boolean waited = false;
      if (maker != NONE) {
        if (Double.isNaN(end[before + maker])) {
          return;
        }
        if (figures.to[maker] != NONE) {
          double ready = arrival[before + maker];
          start += figures.busy[maker];
          waited = start < ready;
          start = Math.max(start, ready);
        }
      }
      double done = start + figures.time[action];
      end[before + action] = done;
      followed[before + action] = !waited;
      free[rank] = done + figures.busy[action];
      left[rank] -= figures.time[action];
      int to = figures.to[action];
      if (to != NONE) {
        link[rank][to] = Math.max(link[rank][to], done) + figures.carry[action];
        arrival[before + action] = link[rank][to] + figures.latency[action];
      }
      next[rank]++;
    }
  }

  /**
   * Returns the places on the critical path of an order, as it was played last, whose action would
   * begin earlier but for the one before it on its rank.
   */
  List<Slot> critical(int[][] orders) {
    int count = figures.count();
    int[] places = new int[count];
    int latest = NONE;
    for (int[] order : orders) {
      for (int i = 0; i < order.length; i++) {
        places[order[i]] = i;
      }
      int last = end.length - count + last(order);
      latest = latest == NONE || end[last] > end[latest] ? last : latest;
    }
    List<Slot> critical = new ArrayList<>();
    for (int at = latest; ; ) {
      int action = at % count;
      int before = at - action;
      int rank = figures.rank[action];
      int place = places[action];
      if (!followed[at]) {
        at = before + figures.maker[action];
      } else if (place > 0) {
        critical.add(new Slot(rank, place));
        at = before + orders[rank][place - 1];
      } else if (before > 0) {
        at = before - count + last(orders[rank]);
      } else {
        return critical;
      }
    }
  }
}
