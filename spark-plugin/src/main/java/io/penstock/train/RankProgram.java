package io.penstock.train;

import io.penstock.schedule.Action;
import io.penstock.schedule.Kind;
import io.penstock.schedule.Schedule;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What one rank does in a mini-batch.
 *
 * @param actions in its order
 * @param microBatches of the mini-batch
 * @param again the forwards whose activations are not kept, for they are done again
 */
record Walk(List<Action> actions, int microBatches, Set<Action> again) {
  static Walk of(Schedule schedule, int rank) {
    List<Action> actions = schedule.ranks().get(rank);
    Set<Action> again =
        actions.stream()
            .filter(action -> action.kind() == Kind.R)
            .map(action -> action.as(Kind.F))
            .collect(Collectors.toSet());
    return new Walk(actions, schedule.microBatches(), again);
  }
}
