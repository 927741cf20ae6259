package io.penstock.schedule;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Pass that sends to disk what is kept for recomputations (activation offload): the input of a
 * stage goes right after its forward, and is asked for one recomputation ahead, so that disk and
 * compute overlap; as PipeOffload (Wan et al. 2025, arXiv 2503.01328) does with host memory. A rank
 * keeps the input that is being written, the one that is needed next and the one after, however
 * many micro-batches are in flight. Stateless; any thread may call.
 */
public final class Offloading {
  private Offloading() {}

  /**
   * Adds the actions. An input that would be asked for before another recomputation stays in
   * memory, and so does the one that a rank needs first. A schedule that has such actions already,
   * or does nothing again, is returned as it is.
   *
   * @param schedule compute actions, or a lowered one
   * @return a schedule of the same name
   */
  public static Schedule in(Schedule schedule) {
    if (offloads(schedule)) {
      return schedule;
    }
    List<List<Action>> ranks = new ArrayList<>();
    for (List<Action> actions : schedule.ranks()) {
      ranks.add(in(actions));
    }
    return schedule.inOrder(schedule.name(), ranks);
  }

  /** Returns whether a schedule sends anything to disk. */
  public static boolean offloads(Schedule schedule) {
    return schedule.ranks().stream()
        .flatMap(List::stream)
        .anyMatch(action -> action.kind() == ActionKind.OFFLOAD);
  }

  private static List<Action> in(List<Action> actions) {
    List<Action> again = actions.stream().filter(one -> one.kind() == ActionKind.R).toList();
    Set<Action> offloaded = offloaded(actions, again);
    List<Action> all = new ArrayList<>();
    int next = 0; // the recomputation after this one
    for (Action action : actions) {
      if (action.kind() == ActionKind.R) {
        next++;
        if (next < again.size() && offloaded.contains(again.get(next))) {
          all.add(again.get(next).as(ActionKind.PREFETCH));
        }
      }
      all.add(action);
      if (action.kind() == ActionKind.F && offloaded.contains(action.as(ActionKind.R))) {
        all.add(action.as(ActionKind.OFFLOAD));
      }
    }
    return all;
  }

  /** Returns the recomputations whose forward is done before the recomputation before theirs. */
  private static Set<Action> offloaded(List<Action> actions, List<Action> again) {
    Set<Action> forwards = new HashSet<>();
    Set<Action> offloaded = new HashSet<>();
    int next = 0;
    for (Action action : actions) {
      if (action.kind() == ActionKind.F) {
        forwards.add(action);
      } else if (action.kind() == ActionKind.R) {
        next++;
        if (next < again.size() && forwards.contains(again.get(next).as(ActionKind.F))) {
          offloaded.add(again.get(next));
        }
      }
    }
    return offloaded;
  }
}
