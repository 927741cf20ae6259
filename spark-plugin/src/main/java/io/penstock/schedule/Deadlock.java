package io.penstock.schedule;

import java.util.List;

/**
 * Deadlock of a schedule: a circle of ranks that each wait for the next, found where a timetable
 * stops early.
 */
final class Deadlock {
  private final Schedule schedule;
  private final Dependencies dependencies;
  private final Timetable timetable;

  private Deadlock(Schedule schedule, Dependencies dependencies) {
    this.schedule = schedule;
    this.dependencies = dependencies;
    this.timetable = Timetable.of(schedule, dependencies);
  }

  /** Returns whether all that a schedule holds can be done. */
  static boolean isFree(Schedule schedule, Dependencies dependencies) {
    return new Deadlock(schedule, dependencies).stuckRank() < 0;
  }

  /**
   * Returns when everything is done.
   *
   * @param remedy what to do about a deadlock, to end the message with; may be empty
   * @throws InvalidScheduleException if ranks wait for each other; the message tells the circle
   */
  static Timetable check(Schedule schedule, Dependencies dependencies, String remedy) {
    Deadlock deadlock = new Deadlock(schedule, dependencies);
    int stuck = deadlock.stuckRank();
    if (stuck >= 0) {
      throw deadlock.circle(stuck, remedy);
    }
    return deadlock.timetable;
  }

  /** The first rank that does not get through; -1 if all do. */
  private int stuckRank() {
    for (int rank = 0; rank < schedule.ranks().size(); rank++) {
      if (next(rank) != null) {
        return rank;
      }
    }
    return -1;
  }

  private InvalidScheduleException circle(int stuck, String remedy) {
    // Each stuck rank waits for another, so after as many steps as ranks we are on a circle.
    for (int i = 0; i < schedule.ranks().size(); i++) {
      stuck = awaited(next(stuck)).rank();
    }
    Slot start = new Slot(stuck, timetable.done().get(stuck));
    StringBuilder circle = new StringBuilder("deadlock: ");
    do {
      Action waiting = next(stuck);
      Slot place = awaited(waiting);
      Action awaited = schedule.ranks().get(place.rank()).get(place.index());
      boolean forRoom = dependencies.room(waiting).filter(awaited::equals).isPresent();
      circle
          .append(waiting)
          .append(forRoom ? " waits for the room that " : " waits for ")
          .append(awaited)
          .append(forRoom ? " makes" : "")
          .append(", which stands behind ")
          .append(next(place.rank()))
          .append("; ");
      stuck = place.rank();
    } while (stuck != start.rank());
    circle.setLength(circle.length() - 2);
    return new InvalidScheduleException(schedule, dependencies, circle + remedy, start);
  }

  /** The action a rank is stuck before; null if it got through. */
  private Action next(int rank) {
    List<Action> actions = schedule.ranks().get(rank);
    int done = timetable.done().get(rank);
    return done == actions.size() ? null : actions.get(done);
  }

  private Slot awaited(Action stuck) {
    return dependencies.needs(stuck).stream()
        .map(dependencies::place)
        .filter(place -> place.index() >= timetable.done().get(place.rank()))
        .findFirst()
        .orElseThrow();
  }
}
