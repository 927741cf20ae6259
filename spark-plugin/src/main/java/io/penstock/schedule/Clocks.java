package io.penstock.schedule;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Vector clocks of a schedule's actions (Fidge 1988, Mattern 1989), between ranks that hand each
 * other frames: how far a rank must have come for another's action to be done. Immutable.
 */
final class Clocks {
  /** By rank and by peer, how many actions of the peer are done once each action of it is. */
  private final List<Map<Integer, int[]>> known;

  private Clocks(List<Map<Integer, int[]>> known) {
    this.known = known;
  }

  /**
   * Reads the clocks.
   *
   * @param peers by rank, those that it exchanges frames with
   */
  static Clocks of(Schedule schedule, List<? extends Iterable<Integer>> peers) {
    Dependencies dependencies = new Dependencies(schedule);
    int ranks = schedule.ranks().size();
    List<Map<Integer, int[]>> known =
        IntStream.range(0, ranks).<Map<Integer, int[]>>mapToObj(rank -> new HashMap<>()).toList();
    for (int rank = 0; rank < ranks; rank++) {
      for (int peer : peers.get(rank)) {
        known.get(rank).put(peer, new int[schedule.ranks().get(rank).size()]);
      }
    }
    Map<Action, Action> departures = new HashMap<>();
    for (List<Action> actions : schedule.ranks()) {
      for (Action action : actions) {
        dependencies
            .frame(action)
            .ifPresent(frame -> departures.put(dependencies.departure(frame), action));
      }
    }
    int[][] clocks = new int[ranks][ranks];
    Map<Action, int[]> onTheWay = new HashMap<>();
    for (List<Slot> step : Timetable.of(schedule, dependencies).steps()) {
      for (Slot place : step) {
        int[] clock = clocks[place.rank()];
        Action action = schedule.ranks().get(place.rank()).get(place.index());
        Optional.ofNullable(onTheWay.remove(action)).ifPresent(other -> advance(clock, other));
        clock[place.rank()] = place.index() + 1;
        if (departures.containsKey(action)) {
          onTheWay.put(departures.get(action), clock.clone());
        }
        known.get(place.rank()).forEach((peer, done) -> done[place.index()] = clock[peer]);
      }
    }
    return new Clocks(known);
  }

  private static void advance(int[] clock, int[] other) {
    for (int rank = 0; rank < clock.length; rank++) {
      clock[rank] = Math.max(clock[rank], other[rank]);
    }
  }

  /** Returns how many actions of a peer must be done while a rank does its action of this index. */
  int least(int rank, int index, int peer) {
    return known.get(rank).get(peer)[index];
  }

  /**
   * Returns how many actions of a peer can be done at most before a rank has done its action of
   * this index.
   *
   * @param from as many that surely can
   */
  int most(int rank, int index, int peer, int from) {
    int[] needed = known.get(peer).get(rank);
    int done = from;
    while (done < needed.length && needed[done] <= index) {
      done++;
    }
    return done;
  }
}
