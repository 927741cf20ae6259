package io.penstock.schedule;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Reorders a schedule so that all weight gradients (W) of a stage come one after another behind all
 * else of its rank: then a stage can sum them layer by layer in place of micro-batch by
 * micro-batch, and needs memory for the gradient of one layer only. Activations are kept for it
 * until the end of the mini-batch. Stateless; any thread may call.
 */
public final class WeightGradientsLast {
  private static final String LAST = ", weight gradients last";

  private static final Comparator<Action> LAST_STAGE_FIRST =
      Comparator.comparing(Action::stage, Comparator.reverseOrder())
          .thenComparing(Action::microBatch);

  private WeightGradientsLast() {}

  /**
   * Moves every stage's weight gradients to the end of its rank's actions: of a rank's stages the
   * last first, whose backward is over first, and of a stage in ascending order of micro-batches.
   * Of a whole backward (B) the input half (I) stays where it was, so nobody waits longer for it.
   *
   * @param schedule with or without sends and receives, and without what ends a mini-batch
   * @return one of a name that says so, and that {@link Verifier} accepts if it accepts this one;
   *     the schedule itself, if its name says so
   */
  public static Schedule order(Schedule schedule) {
    if (schedule.name().endsWith(LAST)) {
      return schedule;
    }
    List<List<Action>> ranks = new ArrayList<>();
    for (List<Action> actions : schedule.ranks()) {
      List<Action> ordered = new ArrayList<>();
      List<Action> last = new ArrayList<>();
      for (Action action : actions) {
        if (!action.kind().givesWeightGradient()) {
          ordered.add(action);
        } else {
          if (action.kind() == ActionKind.B) {
            ordered.add(action.as(ActionKind.I));
          }
          last.add(action.as(ActionKind.W));
        }
      }
      last.sort(LAST_STAGE_FIRST);
      ordered.addAll(last);
      ranks.add(ordered);
    }
    return schedule.inOrder(schedule.name() + LAST, ranks);
  }

  /** Returns the name of the schedule that this one was made of; its own if it is no such. */
  public static String nameBefore(Schedule schedule) {
    String name = schedule.name();
    return name.endsWith(LAST) ? name.substring(0, name.length() - LAST.length()) : name;
  }
}
