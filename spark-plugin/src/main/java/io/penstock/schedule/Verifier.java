package io.penstock.schedule;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Proves that a schedule can be run: everything is done once, in a possible order, on one rank, and
 * no rank waits for ever. Takes compute actions only, or a lowered schedule; then every frame
 * between ranks must have one send and one receive, in the same order at both ends of a link. A
 * schedule without any backward is one for inference; one backward asks for all the others.
 */
public final class Verifier {
  private final Schedule schedule;
  private final Dependencies dependencies;

  private Verifier(Schedule schedule) {
    this.schedule = schedule;
    this.dependencies = new Dependencies(schedule);
  }

  /**
   * Checks a schedule.
   *
   * @return what it takes to run it, at most
   * @throws InvalidScheduleException if it cannot be run; the message names the problem and shows
   *     the grid with the failing action marked
   */
  public static Peaks verify(Schedule schedule) {
    Verifier verifier = new Verifier(schedule);
    verifier.checkPlaces();
    verifier.checkComplete();
    verifier.checkOrderOnRanks();
    if (schedule.isLowered()) {
      verifier.checkMovement();
    }
    Timetable timetable = Timetable.of(schedule, verifier.dependencies);
    verifier.checkNoDeadlock(timetable);
    return Peaks.of(schedule, verifier.dependencies, timetable);
  }

  private void checkPlaces() {
    Set<Action> seen = new HashSet<>();
    for (int rank = 0; rank < schedule.ranks().size(); rank++) {
      List<Action> actions = schedule.ranks().get(rank);
      if (actions.isEmpty()) {
        throw invalid(
            "rank %d has no plan; give it a stage or use fewer ranks".formatted(rank),
            new Place(rank, Place.WHOLE_RANK));
      }
      for (int index = 0; index < actions.size(); index++) {
        Action action = actions.get(index);
        Place place = new Place(rank, index);
        if (action.stage() >= schedule.stages()) {
          throw invalid(
              "%s is of stage %d, but there are %d stages, counted from 0"
                  .formatted(action, action.stage(), schedule.stages()),
              place);
        }
        if (action.microBatch() >= schedule.microBatches()) {
          throw invalid(
              "%s is of micro-batch %d, but there are %d micro-batches, counted from 0"
                  .formatted(action, action.microBatch(), schedule.microBatches()),
              place);
        }
        int holder = dependencies.rankOf(action.stage());
        if (holder != rank) {
          throw invalid(
              "%s is on rank %d, but stage %d is on rank %d already; a stage lives on one rank"
                  .formatted(action, rank, action.stage(), holder),
              place);
        }
        if (!seen.add(action)) {
          throw invalid("%s is done twice".formatted(action), place);
        }
      }
    }
  }

  private void checkComplete() {
    boolean forwardOnly = schedule.isForwardOnly();
    for (int stage = 0; stage < schedule.stages(); stage++) {
      for (int microBatch = 0; microBatch < schedule.microBatches(); microBatch++) {
        Action forward = new Action(stage, Kind.F, microBatch);
        Action whole = forward.as(Kind.B);
        Action input = forward.as(Kind.I);
        Action weight = forward.as(Kind.W);
        if (!has(forward)) {
          throw missing(forward, "every stage does the forward of every micro-batch");
        }
        if (forwardOnly) {
          continue;
        }
        if (has(whole) && (has(input) || has(weight))) {
          Action half = has(input) ? input : weight;
          throw invalid(
              "%s does the backward of %s again; write it whole (B) or in halves (I and W)"
                  .formatted(half, whole),
              dependencies.place(half));
        }
        if (has(whole)) {
          continue;
        }
        if (!has(input)) {
          throw has(weight)
              ? missing(input, "%s is the other half of its backward".formatted(weight))
              : missing(whole, "every stage does the backward of every micro-batch");
        }
        if (!has(weight)) {
          throw missing(weight, "%s is only half of a backward".formatted(input));
        }
      }
    }
  }

  private void checkOrderOnRanks() {
    for (List<Action> actions : schedule.ranks()) {
      for (Action action : actions) {
        switch (action.kind()) {
          case B, I -> checkAfter(action, action.as(Kind.F), "a backward needs its forward");
          case W -> checkAfter(action, action.as(Kind.I), "a weight gradient needs its input half");
          case SEND_F -> checkAfter(action, action.as(Kind.F), "it sends what that makes");
          case SEND_B -> checkAfter(action, backward(action), "it sends what that makes");
          case RECV_F -> checkAfter(action.as(Kind.F), action, "it uses what that receives");
          case RECV_B -> checkAfter(backward(action), action, "it uses what that receives");
          case F -> {
            // Needs nothing of its own stage.
          }
        }
      }
    }
  }

  /** Every frame has both ends, no end is without a frame, and both ends have the same order. */
  private void checkMovement() {
    Map<Action, Frame> frameOfEnd = new HashMap<>();
    for (List<Action> actions : schedule.ranks()) {
      for (Action action : actions) {
        dependencies
            .frame(action)
            .ifPresent(
                frame -> {
                  if (!has(frame.send())) {
                    throw invalid(
                        "%s is never sent: %s is missing".formatted(frame.maker(), frame.send()),
                        dependencies.place(frame.maker()));
                  }
                  if (!has(frame.receive())) {
                    throw invalid(
                        "%s has no receive: %s is missing".formatted(frame.send(), frame.receive()),
                        dependencies.place(frame.send()));
                  }
                  frameOfEnd.put(frame.send(), frame);
                  frameOfEnd.put(frame.receive(), frame);
                });
      }
    }
    Map<List<Integer>, List<Frame>> sent = new HashMap<>();
    Map<List<Integer>, List<Frame>> received = new HashMap<>();
    for (int rank = 0; rank < schedule.ranks().size(); rank++) {
      List<Action> actions = schedule.ranks().get(rank);
      for (int index = 0; index < actions.size(); index++) {
        Action action = actions.get(index);
        if (action.kind().isCompute()) {
          continue;
        }
        Frame frame = frameOfEnd.get(action);
        if (frame == null) {
          throw invalid(
              "%s has no other end: nothing crosses ranks there".formatted(action),
              new Place(rank, index));
        }
        int from = dependencies.rankOf(frame.maker().stage());
        int to = dependencies.rankOf(frame.user().stage());
        (action.kind().isSend() ? sent : received)
            .computeIfAbsent(List.of(from, to), link -> new ArrayList<>())
            .add(frame);
      }
    }
    sent.forEach((link, frames) -> checkSameOrder(link, frames, received.get(link)));
  }

  private void checkSameOrder(List<Integer> link, List<Frame> sent, List<Frame> received) {
    for (int i = 0; i < sent.size(); i++) {
      if (!sent.get(i).equals(received.get(i))) {
        throw invalid(
            "%s is received out of order: rank %d sends %s first to rank %d"
                .formatted(received.get(i).receive(), link.get(0), sent.get(i).send(), link.get(1)),
            dependencies.place(received.get(i).receive()));
      }
    }
  }

  private void checkNoDeadlock(Timetable timetable) {
    int stuck = 0;
    while (next(stuck, timetable) == null) {
      if (++stuck == schedule.ranks().size()) {
        return;
      }
    }
    // Each stuck rank waits for another, so after as many steps as ranks we walk in a circle.
    for (int i = 0; i < schedule.ranks().size(); i++) {
      stuck = awaited(next(stuck, timetable), timetable).rank();
    }
    Place start = new Place(stuck, timetable.done().get(stuck));
    StringBuilder circle = new StringBuilder("deadlock: ");
    do {
      Action waiting = next(stuck, timetable);
      Place awaited = awaited(waiting, timetable);
      Action before = next(awaited.rank(), timetable);
      circle
          .append(waiting)
          .append(" waits for ")
          .append(schedule.ranks().get(awaited.rank()).get(awaited.index()))
          .append(", which stands behind ")
          .append(before)
          .append("; ");
      stuck = awaited.rank();
    } while (stuck != start.rank());
    throw invalid(circle.substring(0, circle.length() - 2), start);
  }

  /** The action a rank is stuck before; null if it got through. */
  private Action next(int rank, Timetable timetable) {
    List<Action> actions = schedule.ranks().get(rank);
    int done = timetable.done().get(rank);
    return done == actions.size() ? null : actions.get(done);
  }

  private Place awaited(Action stuck, Timetable timetable) {
    return dependencies.needs(stuck).stream()
        .map(dependencies::place)
        .filter(place -> place.index() >= timetable.done().get(place.rank()))
        .findFirst()
        .orElseThrow();
  }

  private void checkAfter(Action later, Action earlier, String why) {
    Place place = dependencies.place(later);
    Place before = dependencies.place(earlier);
    if (place != null && before != null && place.index() < before.index()) {
      throw invalid("%s comes before %s; %s".formatted(later, earlier, why), place);
    }
  }

  private Action backward(Action action) {
    return dependencies.backward(action);
  }

  private boolean has(Action action) {
    return dependencies.place(action) != null;
  }

  private InvalidScheduleException missing(Action action, String why) {
    Integer rank = dependencies.rankOf(action.stage());
    return invalid(
        "%s is missing; %s".formatted(action, why),
        rank == null ? null : new Place(rank, Place.WHOLE_RANK));
  }

  private InvalidScheduleException invalid(String problem, Place where) {
    return new InvalidScheduleException(schedule, problem, where);
  }
}
