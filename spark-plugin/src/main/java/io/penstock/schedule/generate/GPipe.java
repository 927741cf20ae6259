package io.penstock.schedule.generate;

import io.penstock.schedule.Action;
import io.penstock.schedule.ActionKind;
import io.penstock.schedule.Schedule;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * All forwards, then all backwards: GPipe (Huang et al. 2019, arXiv 1811.06965). Every rank keeps
 * the activations of all m micro-batches. Backward runs in ascending order, so that gradients are
 * summed in the order they are made.
 *
 * <pre>
 *  rank 0  F0 F1 F2 .  .  .  .  B0 B1 B2
 *  rank 1  .  F0 F1 F2 .  .  B0 B1 B2 .
 *  rank 2  .  .  F0 F1 F2 B0 B1 B2 .  .
 * </pre>
 */
final class GPipe implements Generator {
  @Override
  public String id() {
    return "gpipe";
  }

  @Override
  public Schedule generate(int ranks, int virtualStages, int microBatches, OptionalInt warmUp) {
    return of(ranks, ranks, microBatches, rank -> rank(rank, microBatches));
  }

  private static List<Action> rank(int rank, int microBatches) {
    List<Action> actions = new ArrayList<>();
    for (ActionKind kind : List.of(ActionKind.F, ActionKind.B)) {
      for (int i = 0; i < microBatches; i++) {
        actions.add(new Action(rank, kind, i));
      }
    }
    return actions;
  }
}
