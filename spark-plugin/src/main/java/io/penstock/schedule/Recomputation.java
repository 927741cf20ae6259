package io.penstock.schedule;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Activation checkpointing: which forwards are done a second time, so that their activations need
 * not be kept until the backward: only the stage's input is (Chen et al. 2016, arXiv 1604.06174;
 * GPipe, arXiv 1811.06965, section 2.3). The second forward is an action like others, {@link
 * ActionKind#R}, right before the backward; a rank that waits for a gradient does it while it
 * waits.
 */
public enum Recomputation {
  /** All activations are kept: no recomputation. */
  NEVER,
  /** No activations are kept: every forward is done again. */
  ALWAYS,
  /**
   * Activations of the last micro-batch only, whose backward comes right after its forward on the
   * last rank of many schedules, are kept: torchgpipe's {@code except_last}.
   */
  EXCEPT_LAST;

  /**
   * Returns the value of this name, in either case, with or without the underscore.
   *
   * @throws IllegalArgumentException if there is none; the message lists the names
   */
  public static Recomputation named(String name) {
    return Arrays.stream(values())
        .filter(one -> one.name().replace("_", "").equalsIgnoreCase(name.replace("_", "")))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    String.format(
                        Locale.ROOT,
                        "Unknown recomputation '%s'; use one of %s.",
                        name,
                        String.join(", ", ids()))));
  }

  /** Returns the names of all, as settings. */
  public static List<String> ids() {
    return Arrays.stream(values()).map(Recomputation::id).toList();
  }

  /** Returns its name as a setting: {@code never}, {@code always} or {@code exceptLast}. */
  public String id() {
    return this == EXCEPT_LAST ? "exceptLast" : name().toLowerCase(Locale.ROOT);
  }

  /**
   * Adds second forwards to a schedule. One with some already says which it wants and is returned
   * as it is, as is one without a backward.
   *
   * @return a schedule of the same name
   */
  public Schedule in(Schedule schedule) {
    if (this == NEVER || schedule.isForwardOnly() || recomputes(schedule)) {
      return schedule;
    }
    return before(schedule, action -> applies(action, schedule.microBatches()));
  }

  /**
   * Adds second forwards before some backwards; before an overlapped pair, not between the two.
   *
   * @param which the backwards, whole ones or input gradients, that one is added before
   */
  static Schedule before(Schedule schedule, Predicate<Action> which) {
    List<List<Action>> ranks = new ArrayList<>();
    Set<Action> overlapped = new HashSet<>(schedule.overlapped());
    for (List<Action> actions : schedule.ranks()) {
      List<Action> all = new ArrayList<>();
      for (Action action : actions) {
        if (action.kind().givesInputGradient() && which.test(action)) {
          Action before = all.get(all.size() - 1);
          if (before.equals(action.as(ActionKind.F))) {
            overlapped.remove(before); // they are a pair no more
          }
          boolean pair = overlapped.contains(before);
          all.add(pair ? all.size() - 1 : all.size(), action.as(ActionKind.R));
        }
        all.add(action);
      }
      ranks.add(all);
    }
    return new Schedule(
        schedule.name(), schedule.stages(), schedule.microBatches(), ranks, overlapped);
  }

  private boolean applies(Action action, int microBatches) {
    return this == ALWAYS || action.microBatch() < microBatches - 1;
  }

  /** Returns whether a schedule does some forwards again as it is. */
  public static boolean recomputes(Schedule schedule) {
    return !schedule.recomputedStages().isEmpty();
  }
}
