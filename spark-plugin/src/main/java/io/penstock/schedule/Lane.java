package io.penstock.schedule;

import java.util.List;
import java.util.function.Predicate;

/**
 * Lane of arrays of one size that one stage hands another, one for each micro-batch: activations
 * forward, or gradients backward. Tells how many there are on either side. Not to be changed.
 *
 * @param from rank that makes them
 * @param to rank that uses them
 * @param bytes of each
 * @param copied whether they are copies; else they are their stage's own until their micro-batch is
 *     done
 * @param made by a number of the maker's first actions, how many these have made for this lane
 * @param departed by a number of the maker's first actions, how many have left with these
 * @param used by a number of the user's first actions, how many these have taken
 */
record Lane(int from, int to, long bytes, boolean copied, int[] made, int[] departed, int[] used) {
  /** Returns the lane of what a stage hands to a later one in its forwards. */
  static Lane forward(Schedule schedule, int from, int to, long bytes) {
    Predicate<Action> maker = action -> action.kind() == ActionKind.F && action.stage() == from;
    Predicate<Action> user = action -> action.kind() == ActionKind.F && action.stage() == to;
    return of(schedule, from, to, bytes, true, maker, maker, ActionKind.SEND_F, user);
  }

  /**
   * Returns the lane of what a stage hands to an earlier one in its backwards.
   *
   * @param copied whether it is a copy, and no array of the stage's own
   */
  static Lane backward(Schedule schedule, int from, int to, long bytes, boolean copied) {
    Predicate<Action> maker =
        action -> action.kind().givesInputGradient() && action.stage() == from;
    Predicate<Action> done =
        action -> action.kind().givesWeightGradient() && action.stage() == from;
    Predicate<Action> user = action -> action.kind().givesInputGradient() && action.stage() == to;
    Predicate<Action> made = copied ? maker : done;
    return of(schedule, from, to, bytes, copied, made, maker, ActionKind.SEND_B, user);
  }

  private static Lane of(
      Schedule schedule,
      int from,
      int to,
      long bytes,
      boolean copied,
      Predicate<Action> made,
      Predicate<Action> maker,
      ActionKind send,
      Predicate<Action> user) {
    int makers = schedule.rankOf(from);
    int users = schedule.rankOf(to);
    // What goes over a skip connection has no action of its own: it leaves when it is made.
    boolean sent = Math.abs(from - to) == 1 && makers != users && schedule.isLowered();
    Predicate<Action> leaves =
        sent ? action -> action.kind() == send && action.stage() == from : maker;
    return new Lane(
        makers,
        users,
        bytes,
        copied,
        counts(schedule.ranks().get(makers), made),
        counts(schedule.ranks().get(makers), leaves),
        counts(schedule.ranks().get(users), user));
  }

  /** Returns how many of the first actions, from none to all, are such. */
  private static int[] counts(List<Action> actions, Predicate<Action> such) {
    int[] counts = new int[actions.size() + 1];
    for (int i = 0; i < actions.size(); i++) {
      counts[i + 1] = counts[i] + (such.test(actions.get(i)) ? 1 : 0);
    }
    return counts;
  }

  /**
   * Returns the bytes that are with the maker alone, while it does its action of an index, or on
   * their way: of the user's actions so many are done.
   */
  long away(int index, int usersDone) {
    return bytes * Math.max(0, made[copied ? index + 1 : index] - used[usersDone]);
  }

  /**
   * Returns the bytes that have come, or are coming, and wait for the user, while it does its
   * action of an index: of the maker's actions so many are done.
   */
  long waiting(int makersDone, int index) {
    return bytes * (departed[makersDone] - used[index + 1]);
  }
}
