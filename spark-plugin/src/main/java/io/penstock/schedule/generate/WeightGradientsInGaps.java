package io.penstock.schedule.generate;

import io.penstock.Amount;
import io.penstock.schedule.Action;
import io.penstock.schedule.ActionKind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.Set;

/**
 * Puts weight gradients where a rank would wait, or would keep the activations of too many
 * forwards. It plays the forwards and input gradients in time steps of one action each; a rank that
 * cannot do its next one does its oldest weight gradient in its place. So each stage's weight
 * gradients come in the order of its input gradients. For one thread.
 */
final class WeightGradientsInGaps {
  private final List<List<Action>> ranks;
  private final int stages;
  private final int mostKept;
  private final Set<Action> done = new HashSet<>();
  private final List<List<Action>> filled = new ArrayList<>();
  private final List<Queue<Action>> weights = new ArrayList<>();
  private final int[] next;
  private final int[] kept;

  private WeightGradientsInGaps(List<List<Action>> ranks, int stages, int mostKept) {
    this.ranks = ranks;
    this.stages = stages;
    this.mostKept = mostKept;
    this.next = new int[ranks.size()];
    this.kept = new int[ranks.size()];
    ranks.forEach(
        rank -> {
          filled.add(new ArrayList<>());
          weights.add(new ArrayDeque<>());
        });
  }

  /**
   * Returns the ranks' actions with weight gradients among them.
   *
   * @param ranks forwards and input gradients of each rank, in an order that can be run
   * @param mostKept forwards whose activations a rank may keep at a time
   * @throws IllegalArgumentException if the order needs more of them
   */
  static List<List<Action>> fill(List<List<Action>> ranks, int stages, int mostKept) {
    return new WeightGradientsInGaps(ranks, stages, mostKept).fill();
  }

  private List<List<Action>> fill() {
    while (true) {
      List<Action> step = new ArrayList<>();
      for (int rank = 0; rank < next.length; rank++) {
        if (canGoOn(rank)) {
          step.add(goOn(rank));
        } else if (!weights.get(rank).isEmpty()) {
          step.add(weights.get(rank).remove());
          kept[rank]--;
          filled.get(rank).add(step.get(step.size() - 1));
        }
      }
      if (step.isEmpty()) {
        break;
      }
      done.addAll(step);
    }
    for (int rank = 0; rank < next.length; rank++) {
      if (next[rank] < ranks.get(rank).size()) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "rank %d cannot go on to %s with the activations of %s; allow more, or"
                    + " mend the order",
                rank,
                ranks.get(rank).get(next[rank]),
                new Amount(mostKept, "forward")));
      }
    }
    return filled;
  }

  private boolean canGoOn(int rank) {
    if (next[rank] == ranks.get(rank).size()) {
      return false;
    }
    Action action = ranks.get(rank).get(next[rank]);
    int stage = action.stage();
    return action.kind() == ActionKind.F
        ? kept[rank] < mostKept && (stage == 0 || done.contains(action.on(stage - 1)))
        : stage == stages - 1 || done.contains(action.on(stage + 1));
  }

  private Action goOn(int rank) {
    Action action = ranks.get(rank).get(next[rank]++);
    if (action.kind() == ActionKind.F) {
      kept[rank]++;
    } else {
      weights.get(rank).add(action.as(ActionKind.W));
    }
    filled.get(rank).add(action);
    return action;
  }
}
