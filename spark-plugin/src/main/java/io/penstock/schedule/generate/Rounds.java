package io.penstock.schedule.generate;

import io.penstock.schedule.Action;
import io.penstock.schedule.ActionKind;
import java.util.ArrayList;
import java.util.List;

/**
 * The order in which ranks with several stages each take micro-batches: in rounds of about as many
 * as there are ranks. A round passes all stages of a rank before the next round begins, so that a
 * rank turns to its next stage just when the first micro-batch of the round comes back to it. Stage
 * s is on rank s mod p. Immutable.
 *
 * <p>Megatron's rounds are of p micro-batches, which have to divide m; PyTorch's are of m / (m div
 * p). Here any m will do: the m div p rounds (one if m is less than p) are as even as can be, the
 * longer ones first. Where p divides m, all three are the same.
 *
 * @param ranks how many ranks
 * @param virtualStages stages on each rank
 * @param microBatches how many micro-batches
 */
record Rounds(int ranks, int virtualStages, int microBatches) {

  /** The micro-batches of the first round; no other is longer. */
  int longest() {
    return end(0);
  }

  /** Each forward of a rank, stages ascending in a round. */
  List<Action> forwards(int rank) {
    return all(rank, ActionKind.F);
  }

  /** Each backward of a rank, stages descending in a round, micro-batches ascending. */
  List<Action> backwards(int rank) {
    return all(rank, ActionKind.B);
  }

  private List<Action> all(int rank, ActionKind kind) {
    List<Action> actions = new ArrayList<>();
    for (int round = 0; round < rounds(); round++) {
      for (int turn = 0; turn < virtualStages; turn++) {
        int local = kind == ActionKind.F ? turn : virtualStages - 1 - turn;
        for (int i = end(round - 1); i < end(round); i++) {
          actions.add(new Action(local * ranks + rank, kind, i));
        }
      }
    }
    return actions;
  }

  private int rounds() {
    return Math.max(1, microBatches / ranks);
  }

  /** The micro-batch after the last one of a round; 0 before the first round. */
  private int end(int round) {
    int longer = microBatches % rounds();
    return (round + 1) * (microBatches / rounds()) + Math.min(round + 1, longer);
  }
}
