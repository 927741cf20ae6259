package io.penstock.train;

import io.penstock.schedule.Action;
import io.penstock.schedule.ActionKind;
import io.penstock.schedule.Schedule;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Program of one rank for a mini-batch: its actions in order. Immutable.
 *
 * @param actions in the order in which it does them
 * @param microBatches of the mini-batch
 * @param recomputedForwards the forwards whose activations are not kept, for they are done again
 *     (activation checkpointing)
 */
record RankProgram(List<Action> actions, int microBatches, Set<Action> recomputedForwards) {
  static RankProgram of(Schedule schedule, int rank) {
    List<Action> actions = schedule.ranks().get(rank);
    Set<Action> recomputedForwards =
        actions.stream()
            .filter(action -> action.kind() == ActionKind.R)
            .map(action -> action.as(ActionKind.F))
            .collect(Collectors.toSet());
    return new RankProgram(actions, schedule.microBatches(), recomputedForwards);
  }
}
