package io.penstock.schedule;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Verifier of what ends a mini-batch ({@link MiniBatchEnd}): complete over stages or ranks, behind
 * the weight gradients of its stage, and in an order in which it makes sense. Part of {@link
 * Verifier}.
 */
final class EndVerifier {
  /** Kinds that every stage has if one has. */
  private static final Set<ActionKind> OF_EVERY_STAGE =
      EnumSet.of(ActionKind.REDUCE_SCATTER, ActionKind.ALL_GATHER, ActionKind.UPDATE);

  private final Schedule schedule;
  private final Dependencies dependencies;

  /** Whether there is one mini-batch: several in a row have their ends at places of their own. */
  private final boolean single;

  EndVerifier(Schedule schedule, Dependencies dependencies) {
    this.schedule = schedule;
    this.dependencies = dependencies;
    this.single =
        schedule.ranks().stream()
            .flatMap(List::stream)
            .filter(action -> action.kind().endsMiniBatch())
            .allMatch(action -> action.microBatch() == 0);
  }

  /**
   * Checks.
   *
   * @throws InvalidScheduleException naming the first action that is wrong or missing
   */
  void check() {
    Map<ActionKind, Set<Integer>> stages = new EnumMap<>(ActionKind.class);
    Map<ActionKind, Set<Integer>> ranks = new EnumMap<>(ActionKind.class);
    for (int rank = 0; rank < schedule.ranks().size(); rank++) {
      List<Action> actions = schedule.ranks().get(rank);
      for (int index = 0; index < actions.size(); index++) {
        Action action = actions.get(index);
        if (action.kind().endsMiniBatch()) {
          stages.computeIfAbsent(action.kind(), kind -> new HashSet<>()).add(action.stage());
          boolean first = ranks.computeIfAbsent(action.kind(), kind -> new HashSet<>()).add(rank);
          Slot slot = new Slot(rank, index);
          if (!first && action.kind().isAgreement() && single) {
            throw invalid(said("%s: rank %d agrees with the others once", action, rank), slot);
          }
          checkBehind(actions, slot, action);
        }
      }
    }
    stages.forEach(this::checkStages);
    ranks.forEach(this::checkRanks);
  }

  /** All that an action uses of its own stage comes before it. */
  private void checkBehind(List<Action> actions, Slot slot, Action end) {
    if (!single) {
      return;
    }
    for (Action later : actions.subList(slot.index() + 1, actions.size())) {
      boolean gradients = later.kind().givesWeightGradient() || later.kind().givesInputGradient();
      boolean own = later.stage() == end.stage() || end.kind().isAgreement();
      if (own && (gradients || uses(end.kind(), later.kind()))) {
        throw invalid(said("%s comes before %s, which it needs", end, later), slot);
      }
    }
  }

  private static boolean uses(ActionKind end, ActionKind earlier) {
    return switch (end) {
      case ALL_GATHER -> earlier == ActionKind.REDUCE_SCATTER;
      case TIED_GRAD -> earlier == ActionKind.REDUCE_SCATTER;
      case CHECK, CLIP ->
          earlier == ActionKind.TIED_GRAD
              || earlier == ActionKind.REDUCE_SCATTER
              || (end == ActionKind.CLIP && earlier == ActionKind.CHECK);
      case UPDATE ->
          earlier == ActionKind.TIED_GRAD
              || earlier == ActionKind.REDUCE_SCATTER
              || earlier.isAgreement();
      case TIED_WEIGHT -> earlier == ActionKind.UPDATE;
      default -> false;
    };
  }

  private void checkStages(ActionKind kind, Set<Integer> stages) {
    for (int stage = 0; stage < schedule.stages(); stage++) {
      if (OF_EVERY_STAGE.contains(kind) && !stages.contains(stage)) {
        throw invalid(
            said("%s is missing; every stage has one", new Action(stage, kind, 0)),
            new Slot(dependencies.rankOf(stage), Slot.WHOLE_RANK));
      }
    }
  }

  private void checkRanks(ActionKind kind, Set<Integer> ranks) {
    for (int rank = 0; rank < schedule.ranks().size(); rank++) {
      if (kind.isAgreement() && !ranks.contains(rank)) {
        throw invalid(
            said("rank %d has no %s; the others would wait for it for ever", rank, kind),
            new Slot(rank, Slot.WHOLE_RANK));
      }
    }
  }

  private InvalidScheduleException invalid(String problem, Slot where) {
    return new InvalidScheduleException(schedule, dependencies, problem, where);
  }

  private static String said(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
