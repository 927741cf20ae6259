package io.penstock.schedule;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Reorders a schedule so that weight gradients are summed in ascending order of the micro-batches,
 * which makes the sums bit for bit those of one device. Stateless; any thread may call.
 * Floating-point sums depend on their order; a schedule that goes backward in another one ({@code
 * looped-bfs}) would give other weights.
 */
public final class WeightGradientOrder {
  private final List<Action> ordered = new ArrayList<>();
  private final Set<Action> waiting = new HashSet<>();
  private final int[] turns;

  private WeightGradientOrder(int stages) {
    this.turns = new int[stages];
  }

  /**
   * Makes every stage's weight gradients (W, or a whole B) come in ascending order of
   * micro-batches. One that comes before its turn waits for it: a W moves later, and of a B only
   * the input half (I) stays, so that the stage before waits no longer than it did. The W is done
   * right after the action that makes it its turn. Activations may be kept longer for it.
   *
   * @param schedule compute actions only, unless it is ascending as it is
   * @return the schedule itself if it is ascending; else one of the same name that {@link Verifier}
   *     accepts
   * @throws InvalidScheduleException if it is not ascending and cannot be run as it is
   * @throws IllegalArgumentException if it is not ascending and has sends and receives
   */
  public static Schedule order(Schedule schedule) {
    if (isAscending(schedule)) {
      return schedule;
    }
    if (schedule.isLowered()) {
      throw new IllegalArgumentException(
          String.format(
                  Locale.ROOT,
                  "schedule %s does weight gradients out of order and has sends and receives in"
                      + " place;",
                  schedule.name())
              + " order its compute actions first, then add the movement");
    }
    Verifier.verify(schedule);
    List<List<Action>> ranks = new ArrayList<>();
    for (List<Action> actions : schedule.ranks()) {
      WeightGradientOrder rank = new WeightGradientOrder(schedule.stages());
      actions.forEach(rank::add);
      ranks.add(rank.ordered);
    }
    return new Schedule(
        schedule.name(), schedule.stages(), schedule.microBatches(), ranks, schedule.overlapped());
  }

  /** Returns whether every stage's weight gradients come in ascending order of micro-batches. */
  static boolean isAscending(Schedule schedule) {
    int[] last = new int[schedule.stages()];
    for (List<Action> actions : schedule.ranks()) {
      for (Action action : actions) {
        if (action.kind().givesWeightGradient()) {
          if (action.microBatch() < last[action.stage()]) {
            return false;
          }
          last[action.stage()] = action.microBatch();
        }
      }
    }
    return true;
  }

  private void add(Action action) {
    if (!action.kind().givesWeightGradient()) {
      ordered.add(action);
    } else if (action.microBatch() == turns[action.stage()]) {
      ordered.add(action);
      Action next = next(action);
      while (waiting.remove(next)) {
        ordered.add(next);
        next = next(next);
      }
    } else {
      if (action.kind() == ActionKind.B) {
        ordered.add(action.as(ActionKind.I));
      }
      waiting.add(action.as(ActionKind.W));
    }
  }

  /** The weight gradient whose turn it is after one is done. */
  private Action next(Action done) {
    return new Action(done.stage(), ActionKind.W, ++turns[done.stage()]);
  }
}
