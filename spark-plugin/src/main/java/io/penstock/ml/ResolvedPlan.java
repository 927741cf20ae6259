package io.penstock.ml;

import io.penstock.balance.Choice;
import io.penstock.balance.Cut;
import io.penstock.balance.Payoff;
import io.penstock.balance.Profile;
import io.penstock.event.RankPlace;
import io.penstock.schedule.Schedule;
import java.util.List;
import java.util.Optional;

/**
 * Plan of a run: its schedule and cut, and what they were chosen from.
 *
 * @param schedule as executors walk it
 * @param virtualStages stages on each executor, whatever segments they are divided into
 * @param replicas of all stages
 * @param gradientGroups in which their gradients are summed: as many as there are replicas, if
 *     there are several
 * @param cut which layers lie on which stage
 * @param choice what it was chosen from; empty if the params say it all
 * @param payoff whether its executors pay, or why more than one were not chosen; empty if nothing
 *     was measured, or one was asked for
 * @param places by rank, the executor that it is to be on, where executors are unequal; empty for
 *     any
 */
record ResolvedPlan(
    Schedule schedule,
    int virtualStages,
    int replicas,
    int gradientGroups,
    Cut cut,
    Optional<Choice> choice,
    Optional<Payoff> payoff,
    List<RankPlace> places) {
  /** Copies the list. */
  ResolvedPlan {
    places = List.copyOf(places);
  }

  /** Returns this plan with gradients summed in so many groups. */
  ResolvedPlan inGroups(int groups) {
    return new ResolvedPlan(schedule, virtualStages, replicas, groups, cut, choice, payoff, places);
  }

  /** Returns this plan with the payoff of its executors, if there are several, as measured. */
  ResolvedPlan measured(Profile profile, int batchSize) {
    return schedule.ranks().size() == 1 || replicas > 1
        ? this
        : new ResolvedPlan(
            schedule,
            virtualStages,
            replicas,
            gradientGroups,
            cut,
            choice,
            Optional.of(Payoff.of(profile, schedule, cut, batchSize, schedule.microBatches())),
            places);
  }
}
