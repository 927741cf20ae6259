package io.penstock.train;

import io.penstock.Internal;
import io.penstock.balance.Cut;
import io.penstock.nn.network.Sequential;
import io.penstock.nn.update.Updater;
import io.penstock.schedule.MiniBatchEnd;
import io.penstock.schedule.Schedule;
import io.penstock.schedule.Verifier;
import java.util.Set;
import java.util.TreeSet;

/**
 * Lowering of a plan's schedule to that of a whole step, with what ends a mini-batch: what
 * replicas, tied weights, skipping, clipping and the update add. Stateless; any thread may call.
 */
@Internal
public final class StepSchedule {
  private StepSchedule() {}

  /**
   * Returns what each rank of a replica does in a full mini-batch.
   *
   * @param network the plan's
   * @throws io.penstock.schedule.InvalidScheduleException if it cannot be run
   */
  public static Schedule of(TrainingPlan plan, Sequential network) {
    Schedule schedule = plan.schedule();
    if (schedule.isForwardOnly()) {
      return schedule;
    }
    Cut cut = new Cut(plan.stageStarts(), network.layers().size());
    Set<Integer> owners = new TreeSet<>();
    Set<Integer> tied = new TreeSet<>();
    for (int layer = 0; layer < network.layers().size(); layer++) {
      int owner = network.owner(layer);
      if (owner != layer) {
        owners.add(cut.stageOf(owner));
        tied.add(cut.stageOf(layer));
      }
    }
    tied.addAll(owners);
    boolean replicated = plan.replication().replicas() > 1;
    boolean sharded = plan.replication().shardsOptimizer();
    Schedule whole = MiniBatchEnd.without(schedule);
    if (replicated) {
      whole = MiniBatchEnd.reduceScatter(whole);
    }
    if (replicated && !sharded) {
      whole = MiniBatchEnd.allGather(whole);
    }
    whole = MiniBatchEnd.tiedGradients(whole, tied);
    if (plan.badNumbers() == BadNumbers.SKIP) {
      whole = MiniBatchEnd.check(whole);
    }
    if (Updater.fromJson(plan.updaterJson()).clipNorm().isPresent()) {
      whole = MiniBatchEnd.clip(whole);
    }
    whole = MiniBatchEnd.update(whole);
    if (replicated && sharded) {
      whole = MiniBatchEnd.allGather(whole);
    }
    whole = MiniBatchEnd.tiedWeights(whole, owners);
    if (replicated) {
      whole = MiniBatchEnd.losses(whole);
    }
    Verifier.verify(whole);
    return whole;
  }
}
