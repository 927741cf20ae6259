package io.penstock.schedule;

import java.util.List;
import java.util.Locale;

/**
 * Verifier of what is done again ({@link Recomputation}) and of what goes to disk for it ({@link
 * Offloading}): each there for another, and in an order in which it makes sense. Part of {@link
 * Verifier}.
 */
final class RepeatVerifier {
  private final Schedule schedule;
  private final Dependencies dependencies;

  RepeatVerifier(Schedule schedule, Dependencies dependencies) {
    this.schedule = schedule;
    this.dependencies = dependencies;
  }

  /**
   * Checks.
   *
   * @throws InvalidScheduleException naming the first action that is wrong
   */
  void check() {
    for (List<Action> actions : schedule.ranks()) {
      for (Action action : actions) {
        switch (action.kind()) {
          case R -> {
            checkAfter(action, ActionKind.F, "it does that again");
            checkAfter(action, ActionKind.PREFETCH, "it needs what that brings back");
            if (dependencies.place(dependencies.backward(action)) == null) {
              throw invalid("%s is there for no backward", action, null, "");
            }
          }
          case OFFLOAD -> {
            checkAfter(action, ActionKind.F, "it takes away what that was given");
            checkHas(action, ActionKind.PREFETCH);
          }
          case PREFETCH -> {
            checkHas(action, ActionKind.OFFLOAD);
            checkAfter(action, ActionKind.OFFLOAD, "it brings back what that took");
            checkHas(action, ActionKind.R);
          }
          default -> {
            // Of no concern to what is done again.
          }
        }
      }
    }
  }

  private void checkAfter(Action later, ActionKind kind, String why) {
    Action earlier = later.as(kind);
    Slot before = dependencies.place(earlier);
    if (before != null && dependencies.place(later).index() < before.index()) {
      throw invalid("%s comes before %s; %s", later, earlier, why);
    }
  }

  private void checkHas(Action action, ActionKind other) {
    if (dependencies.place(action.as(other)) == null) {
      throw invalid("%s is there without %s", action, action.as(other), "");
    }
  }

  private InvalidScheduleException invalid(String format, Action at, Action other, String why) {
    String problem = String.format(Locale.ROOT, format, at, other, why);
    return new InvalidScheduleException(schedule, dependencies, problem, dependencies.place(at));
  }
}
