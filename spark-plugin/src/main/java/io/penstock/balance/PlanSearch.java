package io.penstock.balance;

import io.penstock.schedule.Costs;
import io.penstock.schedule.Offloading;
import io.penstock.schedule.OrderSearch;
import io.penstock.schedule.Schedule;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Search for a quicker order of the best plans' actions within the memory that ranks have, on the
 * same cut. Stateless; any thread may call.
 */
final class PlanSearch {
  /**
   * The share by which a searched order has to make a step quicker to be taken: what a profile is
   * off by is not worth an order that nobody knows.
   */
  static final double WORTH = 0.02;

  /** Plans that are searched: the best one and the next. */
  private static final int SEARCHED = 3;

  private PlanSearch() {}

  /**
   * Returns the choice of the quickest plan with its actions in the order found, if that is worth
   * it. The next best plans are searched too: one that a generator orders badly may have more to
   * gain.
   */
  static Choice improve(Choice choice, Profile profile, int batchSize) {
    Candidate quickest =
        Stream.concat(Stream.of(choice.best()), choice.next().stream())
            .limit(SEARCHED)
            .map(plan -> searched(plan, profile, batchSize))
            .filter(plan -> plan.bytes() <= profile.memoryLimit())
            .min(Comparator.comparingDouble(Candidate::seconds))
            .orElse(choice.best());
    boolean worth = quickest.seconds() <= (1 - WORTH) * choice.best().seconds();
    return worth ? choice.with(quickest) : choice;
  }

  /**
   * Returns the plan with its actions in the order found; the same plan if it sends anything to
   * disk, which no search knows the memory of.
   */
  private static Candidate searched(Candidate plan, Profile rack, int batchSize) {
    if (Offloading.offloads(plan.schedule())) {
      return plan;
    }
    Profile profile = rack.on(plan.executors());
    LayerCosts layers = profile.costs(batchSize, plan.request().microBatches());
    Costs costs = StageCosts.of(plan.cut(), layers, profile.link(), plan.schedule());
    List<Double> room =
        Arrays.stream(HeldBytes.states(plan.schedule(), plan.cut(), layers))
            .mapToObj(state -> (double) (profile.memoryLimit() - state))
            .toList();
    Schedule searched = OrderSearch.search(plan.schedule(), costs, room, Prediction.IN_A_ROW);
    return new Candidate(
        plan.request(),
        searched,
        plan.cut(),
        Prediction.of(profile, layers, searched, plan.cut()),
        plan.executors());
  }
}
