package io.penstock.schedule;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.function.IntPredicate;

/**
 * Lowering passes that add what ranks do at the end of a mini-batch, behind all else of theirs:
 * what the replicas, tied weights, the norm and the update ask for. Each takes a schedule and
 * returns one of the same name with one kind of {@linkplain ActionKind#endsMiniBatch actions} more;
 * they are applied in the order in which they stand here. Stateless; any thread may call.
 *
 * <p>All replicas do the same list: what waits for other replicas, waits for the same action there.
 * So an order in which the actions of one replica can be done is one for all of them together, and
 * {@link Verifier} need look at one.
 */
public final class MiniBatchEnd {
  private MiniBatchEnd() {}

  /** Drops all that ends a mini-batch. */
  public static Schedule without(Schedule schedule) {
    List<List<Action>> ranks = new ArrayList<>();
    for (List<Action> actions : schedule.ranks()) {
      ranks.add(actions.stream().filter(action -> !action.kind().endsMiniBatch()).toList());
    }
    return schedule.inOrder(schedule.name(), ranks);
  }

  /** Adds the reduce-scatter of every stage's gradients over replicas. */
  public static Schedule reduceScatter(Schedule schedule) {
    return perStage(schedule, ActionKind.REDUCE_SCATTER, stage -> true);
  }

  /** Adds the all-gather of every stage's summed gradients, or updated weights, over replicas. */
  public static Schedule allGather(Schedule schedule) {
    return perStage(schedule, ActionKind.ALL_GATHER, stage -> true);
  }

  /**
   * Adds the sums of tied weights' gradients.
   *
   * @param stages that own such weights or share them
   */
  public static Schedule tiedGradients(Schedule schedule, Set<Integer> stages) {
    return perStage(schedule, ActionKind.TIED_GRAD, stages::contains);
  }

  /** Adds the ranks' agreement on whether the mini-batch is skipped. */
  public static Schedule check(Schedule schedule) {
    return perRank(schedule, ActionKind.CHECK);
  }

  /** Adds the clipping of gradients by their norm over all stages. */
  public static Schedule clip(Schedule schedule) {
    return perRank(schedule, ActionKind.CLIP);
  }

  /** Adds every stage's update. */
  public static Schedule update(Schedule schedule) {
    return perStage(schedule, ActionKind.UPDATE, stage -> true);
  }

  /**
   * Adds the sends of updated tied weights.
   *
   * @param stages that own weights which others share
   */
  public static Schedule tiedWeights(Schedule schedule, Set<Integer> stages) {
    return perStage(schedule, ActionKind.TIED_WEIGHT, stages::contains);
  }

  /** Adds the gathering of the replicas' losses, on the last stage. */
  public static Schedule losses(Schedule schedule) {
    return perStage(schedule, ActionKind.LOSS, stage -> stage == schedule.stages() - 1);
  }

  /** Adds an action of some stages: of a rank's, the last first, whose backward is over first. */
  private static Schedule perStage(Schedule schedule, ActionKind kind, IntPredicate stages) {
    List<List<Action>> ranks = new ArrayList<>();
    for (List<Action> actions : schedule.ranks()) {
      List<Action> all = new ArrayList<>(actions);
      actions.stream()
          .map(Action::stage)
          .distinct()
          .filter(stages::test)
          .sorted(Comparator.reverseOrder())
          .forEach(stage -> all.add(new Action(stage, kind, 0)));
      ranks.add(all);
    }
    return schedule.inOrder(schedule.name(), ranks);
  }

  /** Adds an action to every rank, which bears its first stage. */
  private static Schedule perRank(Schedule schedule, ActionKind kind) {
    List<List<Action>> ranks = new ArrayList<>();
    for (List<Action> actions : schedule.ranks()) {
      List<Action> all = new ArrayList<>(actions);
      int first = actions.stream().mapToInt(Action::stage).min().orElseThrow();
      all.add(new Action(first, kind, 0));
      ranks.add(all);
    }
    return schedule.inOrder(schedule.name(), ranks);
  }
}
