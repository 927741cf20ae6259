package io.penstock.balance;

import io.penstock.schedule.Costs;
import io.penstock.schedule.Offloading;
import io.penstock.schedule.OrderSearch;
import io.penstock.schedule.Schedule;
import java.util.Arrays;
import java.util.List;

/**
 * Search for a quicker order of a plan's actions within the memory that ranks have, on the same
 * cut. Stateless; any thread may call.
 */
final class PlanSearch {
  /**
   * The share by which a searched order has to make a step quicker to be taken: what a profile is
   * off by is not worth an order that nobody knows.
   */
  static final double WORTH = 0.02;

  private PlanSearch() {}

  /**
   * Returns the choice of the best plan with its actions in the order found, if that is worth it.
   */
  static Choice improve(Choice choice, Profile profile, int batchSize) {
    Candidate searched = improve(choice.best(), profile, batchSize);
    return searched == choice.best() ? choice : choice.with(searched);
  }

  /**
   * Returns the plan with its actions in the order found; the same plan if none is worth it, or if
   * it sends anything to disk, which no search knows the memory of.
   */
  static Candidate improve(Candidate plan, Profile profile, int batchSize) {
    if (Offloading.offloads(plan.schedule())) {
      return plan;
    }
    LayerCosts layers = profile.costs(batchSize, plan.request().microBatches());
    Costs costs = StageCosts.of(plan.cut(), layers, profile.link());
    List<Double> room =
        Arrays.stream(HeldBytes.states(plan.schedule(), plan.cut(), layers))
            .mapToObj(state -> (double) (profile.memoryLimit() - state))
            .toList();
    Schedule searched = OrderSearch.search(plan.schedule(), costs, room, Prediction.IN_A_ROW);
    Candidate other =
        new Candidate(
            plan.request(),
            searched,
            plan.cut(),
            Prediction.of(profile, layers, searched, plan.cut()));
    boolean worth = other.seconds() <= (1 - WORTH) * plan.seconds();
    return worth && other.bytes() <= profile.memoryLimit() ? other : plan;
  }
}
