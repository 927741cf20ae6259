package io.penstock.schedule;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Peaks of a schedule over all its runs, however the ranks' speeds fall out: activations kept, and
 * frames in flight. Immutable. Buffers of this size never make a sender wait.
 *
 * @param activations for each rank, the most forwards whose activations it keeps at a time: from
 *     the forward to the weight gradient (W, or a whole B), in units of one stage and micro-batch;
 *     where there are forwards only, none is kept beyond its own
 * @param frames for each sending rank, for each receiving rank: the most frames that are sent and
 *     not yet used up by the compute action that takes them
 */
public record Peaks(List<Integer> activations, List<List<Integer>> frames) implements Serializable {

  /** Copies the lists. */
  public Peaks {
    activations = List.copyOf(activations);
    frames = frames.stream().map(List::copyOf).toList();
  }

  /** Returns the most frames in flight from one rank to another; 0 where there is no link. */
  public int inFlight(int from, int to) {
    return frames.get(from).get(to);
  }

  static Peaks of(Schedule schedule, Dependencies dependencies, Timetable timetable) {
    return new Peaks(
        ActivationPeaks.of(schedule, stage -> 0, stage -> 0).activations(),
        frames(schedule, dependencies, timetable));
  }

  /**
   * With a vector clock (Fidge 1988, Mattern 1989) every rank knows how far each other rank must
   * have come. A frame counts as in flight at a send unless its user is among what must have been
   * done by then; some run of the schedule does reach that.
   */
  private static List<List<Integer>> frames(
      Schedule schedule, Dependencies dependencies, Timetable timetable) {
    int ranks = schedule.ranks().size();
    int[][] clocks = new int[ranks][ranks];
    int[][] sent = new int[ranks][ranks];
    int[][] peaks = new int[ranks][ranks];
    Map<Action, Frame> departures = new HashMap<>();
    int[][][] used = used(schedule, dependencies, departures);
    Map<Action, int[]> onTheWay = new HashMap<>();
    for (List<Slot> step : timetable.steps()) {
      for (Slot place : step) {
        int rank = place.rank();
        Action action = schedule.ranks().get(rank).get(place.index());
        int[] clock = clocks[rank];
        dependencies
            .frame(action)
            .map(frame -> onTheWay.remove(dependencies.departure(frame)))
            .ifPresent(other -> advance(clock, other));
        clock[rank] = place.index() + 1;
        Frame frame = departures.get(action);
        if (frame != null) {
          int to = dependencies.rankOf(frame.user().stage());
          sent[rank][to]++;
          int inFlight = sent[rank][to] - used[rank][to][clock[to]];
          peaks[rank][to] = Math.max(peaks[rank][to], inFlight);
          onTheWay.put(action, clock.clone());
        }
      }
    }
    List<List<Integer>> frames = new ArrayList<>();
    for (int[] row : peaks) {
      frames.add(Arrays.stream(row).boxed().toList());
    }
    return frames;
  }

  /**
   * Returns for each link, by sending and receiving rank, how many of its frames the receiving rank
   * has used after each number of its actions; null where there is no link. Notes each frame's
   * departure.
   */
  private static int[][][] used(
      Schedule schedule, Dependencies dependencies, Map<Action, Frame> departures) {
    int ranks = schedule.ranks().size();
    int[][][] used = new int[ranks][ranks][];
    for (int to = 0; to < ranks; to++) {
      List<Action> actions = schedule.ranks().get(to);
      for (int index = 0; index < actions.size(); index++) {
        Frame frame = dependencies.frame(actions.get(index)).orElse(null);
        if (frame != null) {
          departures.put(dependencies.departure(frame), frame);
          int from = dependencies.rankOf(frame.maker().stage());
          if (used[from][to] == null) {
            used[from][to] = new int[actions.size() + 1];
          }
          used[from][to][index + 1] = 1;
        }
      }
      for (int from = 0; from < ranks; from++) {
        if (used[from][to] != null) {
          Arrays.parallelPrefix(used[from][to], Integer::sum);
        }
      }
    }
    return used;
  }

  private static void advance(int[] clock, int[] other) {
    for (int rank = 0; rank < clock.length; rank++) {
      clock[rank] = Math.max(clock[rank], other[rank]);
    }
  }
}
