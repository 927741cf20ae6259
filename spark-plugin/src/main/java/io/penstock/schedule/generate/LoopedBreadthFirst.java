package io.penstock.schedule.generate;

import io.penstock.schedule.Action;
import io.penstock.schedule.ActionKind;
import io.penstock.schedule.Schedule;
import io.penstock.schedule.WeightGradientOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * GPipe with several stages on each rank, stage by stage: breadth-first pipeline parallelism of
 * Lamy-Poirier 2022 (arXiv 2211.05953). Stage s is on rank s mod p; each rank does all forwards of
 * its first stage, then of its second, and goes backward the other way round, in descending order.
 * From m = p on as quick as {@link Interleaved}; it keeps the activations of all m micro-batches,
 * and in return is done with each stage in one go. As it goes backward in descending order, sums of
 * gradients need {@link WeightGradientOrder}.
 *
 * <pre>
 *  rank 0  0F0 0F1 2F0 2F1 .   .   2B1 2B0 0B1 0B0
 *  rank 1  .   1F0 1F1 3F0 3F1 3B1 3B0 1B1 1B0
 * </pre>
 */
final class LoopedBreadthFirst implements Generator {
  @Override
  public String id() {
    return "looped-bfs";
  }

  @Override
  public VirtualStages virtualStages() {
    return VirtualStages.any(2);
  }

  @Override
  public Schedule generate(int ranks, int virtualStages, int microBatches, OptionalInt warmUp) {
    int stages = ranks * virtualStages;
    return of(ranks, stages, microBatches, rank -> rank(rank, ranks, stages, microBatches));
  }

  private static List<Action> rank(int rank, int ranks, int stages, int microBatches) {
    List<Action> actions = new ArrayList<>();
    for (int stage = rank; stage < stages; stage += ranks) {
      for (int i = 0; i < microBatches; i++) {
        actions.add(new Action(stage, ActionKind.F, i));
      }
    }
    for (int index = actions.size() - 1; index >= 0; index--) {
      actions.add(actions.get(index).as(ActionKind.B));
    }
    return actions;
  }
}
