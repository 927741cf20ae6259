package io.penstock.schedule;

import io.penstock.Internal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Timetable of a schedule, in time steps of one action each: in every step, each rank does its next
 * action if all it needs was done in earlier steps. Stops when no rank can go on. The lists are not
 * to be changed; then any thread may read them.
 *
 * @param steps what is done in each step, ranks ascending
 * @param done how many actions of its list each rank got through
 */
@Internal
public record Timetable(List<List<Slot>> steps, List<Integer> done) {

  /** Returns the timetable of a schedule, as far as its ranks get; takes wrong schedules too. */
  public static Timetable of(Schedule schedule, Dependencies dependencies) {
    List<List<Action>> ranks = schedule.ranks();
    List<List<Slot>> steps = new ArrayList<>();
    Set<Action> done = new HashSet<>();
    int[] next = new int[ranks.size()];
    while (true) {
      List<Slot> step = new ArrayList<>();
      for (int rank = 0; rank < next.length; rank++) {
        List<Action> actions = ranks.get(rank);
        if (next[rank] < actions.size()
            && done.containsAll(dependencies.needs(actions.get(next[rank])))) {
          step.add(new Slot(rank, next[rank]));
        }
      }
      if (step.isEmpty()) {
        return new Timetable(steps, Arrays.stream(next).boxed().toList());
      }
      for (Slot place : step) {
        done.add(ranks.get(place.rank()).get(place.index()));
        next[place.rank()]++;
      }
      steps.add(step);
    }
  }
}
