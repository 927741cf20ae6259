package io.penstock.schedule.generate;

import io.penstock.schedule.Action;
import io.penstock.schedule.ActionKind;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Writes the actions of a rank of two stages as papers do: what is done, how often; micro-batches
 * count themselves. {@code F0} is the next forward of the first stage, {@code I1} the next input
 * gradient of the second, {@code W0} its oldest weight gradient still to do and {@code W} the
 * oldest of both. {@code F0&B1} is a forward and a backward that overlap. For one thread.
 */
final class RankScript {
  private final int[] stages;
  private final List<Action> actions = new ArrayList<>();
  private final Set<Action> overlapped = new HashSet<>();
  private final List<Action> weights = new ArrayList<>();
  private final Map<ActionKind, int[]> counts = new EnumMap<>(ActionKind.class);

  RankScript(int first, int second) {
    this.stages = new int[] {first, second};
  }

  List<Action> actions() {
    return actions;
  }

  Set<Action> overlapped() {
    return overlapped;
  }

  /** Adds steps, separated by blanks, so many times. */
  RankScript repeat(int times, String steps) {
    for (int i = 0; i < times; i++) {
      for (String step : steps.split(" ")) {
        String[] pair = step.split("&");
        for (String single : pair) {
          actions.add(action(single));
        }
        if (pair.length == 2) {
          overlapped.add(actions.get(actions.size() - 2));
        }
      }
    }
    return this;
  }

  private Action action(String step) {
    ActionKind kind = ActionKind.valueOf(step.substring(0, 1));
    if (step.equals("W")) {
      return weights.remove(0);
    }
    int local = step.charAt(1) - '0';
    if (kind == ActionKind.W) {
      Action oldest =
          weights.stream().filter(w -> w.stage() == stages[local]).findFirst().orElseThrow();
      weights.remove(oldest);
      return oldest;
    }
    // A backward takes its turn whether it is whole or in halves.
    int[] count =
        counts.computeIfAbsent(kind == ActionKind.F ? ActionKind.F : ActionKind.B, k -> new int[2]);
    Action action = new Action(stages[local], kind, count[local]++);
    if (kind == ActionKind.I) {
      weights.add(action.as(ActionKind.W));
    }
    return action;
  }
}
