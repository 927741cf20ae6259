package io.penstock.train;

import io.penstock.schedule.Action;
import io.penstock.schedule.ActionKind;
import io.penstock.schedule.Schedule;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Program of one rank for a mini-batch: its actions in order, on the micro-batches of its replica.
 * Immutable.
 *
 * @param actions in the order in which it does them; their micro-batches count from the
 *     mini-batch's first one, whichever replica does that
 * @param microBatches of the mini-batch, those of all replicas
 * @param share those of this replica
 * @param recomputedForwards the forwards whose activations are not kept, for they are done again
 *     (activation checkpointing)
 */
record RankProgram(
    List<Action> actions, int microBatches, MicroBatchShare share, Set<Action> recomputedForwards) {

  /** Makes the program of a rank that does all micro-batches. */
  static RankProgram of(Schedule schedule, int rank) {
    MicroBatchShare all = new MicroBatchShare(0, schedule.microBatches());
    return of(schedule.ranks().get(rank), all.count(), all);
  }

  /**
   * Makes the program of a mini-batch that may be shorter than the schedule's.
   *
   * @param actions of a full mini-batch's first micro-batches
   * @param microBatches of the mini-batch
   * @param share of them that the rank does
   */
  static RankProgram of(List<Action> actions, int microBatches, MicroBatchShare share) {
    List<Action> own =
        actions.stream()
            .filter(action -> action.kind().endsMiniBatch() || action.microBatch() < share.count())
            .map(action -> action.kind().endsMiniBatch() ? action : action.later(share.first()))
            .toList();
    Set<Action> recomputedForwards =
        own.stream()
            .filter(action -> action.kind() == ActionKind.R)
            .map(action -> action.as(ActionKind.F))
            .collect(Collectors.toSet());
    return new RankProgram(own, microBatches, share, recomputedForwards);
  }
}
