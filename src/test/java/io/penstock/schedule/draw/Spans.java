package io.penstock.schedule.draw;

import io.penstock.schedule.Action;
import io.penstock.schedule.ActionKind;
import io.penstock.schedule.Schedule;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Plays a schedule of compute actions by its own rules: each action starts when its rank is free
 * and its inputs are there. A whole backward takes 2, all else 1, shared among a rank's stages.
 *
 * @param starts when each rank starts
 * @param ends when each rank ends
 */
public record Spans(double[] starts, double[] ends) {

  /** The hop is the time a frame travels to another rank. */
  public static Spans of(Schedule schedule, double hop) {
    List<List<Action>> plan = schedule.ranks();
    int ranks = plan.size();
    double share = (double) ranks / schedule.stages();
    int[] rankOf = new int[schedule.stages()];
    Arrays.setAll(rankOf, schedule::rankOf);
    double[] starts = new double[ranks];
    double[] ends = new double[ranks];
    int[] next = new int[ranks];
    Map<Action, Double> done = new HashMap<>();
    boolean moved = true;
    while (moved) {
      moved = false;
      for (int rank = 0; rank < ranks; rank++) {
        if (next[rank] == plan.get(rank).size()) {
          continue;
        }
        Action action = plan.get(rank).get(next[rank]);
        int from =
            switch (action.kind()) {
              case F -> action.stage() - 1;
              case B, I -> action.stage() + 1;
              default -> -1;
            };
        double start = ends[rank];
        if (from >= 0 && from < schedule.stages()) {
          Double input = done.get(gradient(action).on(from));
          if (input == null) {
            continue;
          }
          start = Math.max(start, input + (rankOf[from] == rank ? 0 : hop));
        }
        if (next[rank]++ == 0) {
          starts[rank] = start;
        }
        ends[rank] = start + (action.kind() == ActionKind.B ? 2 : 1) * share;
        done.put(gradient(action), ends[rank]);
        moved = true;
      }
    }
    if (done.size() != plan.stream().mapToInt(List::size).sum()) {
      throw new IllegalArgumentException("stuck: " + schedule);
    }
    return new Spans(starts, ends);
  }

  /** The input gradient is the same whether its backward is whole or in halves. */
  private static Action gradient(Action action) {
    return action.kind() == ActionKind.B ? action.as(ActionKind.I) : action;
  }

  public double makespan() {
    return Arrays.stream(ends).max().orElseThrow();
  }

  /** From a rank's first action to the end of its last. */
  public double ofRank(int rank) {
    return ends[rank] - starts[rank];
  }
}
