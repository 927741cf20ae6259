package io.penstock.schedule;

import io.penstock.Amount;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.IntBinaryOperator;

/**
 * Proves that a schedule can be run: everything is done once, in a possible order, on one rank, and
 * no rank waits for ever. Takes compute actions only, or a lowered schedule; then every frame
 * between ranks must have one send and one receive, in the same order at both ends of a link. A
 * schedule without any backward is one for inference; one backward asks for all the others.
 * Stateless; any thread may call.
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
   * @return the peaks of its runs: activations kept and frames in flight, at most
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
    new RepeatVerifier(schedule, verifier.dependencies).check();
    new EndVerifier(schedule, verifier.dependencies).check();
    Timetable timetable = Deadlock.check(schedule, verifier.dependencies, "");
    return Peaks.of(schedule, verifier.dependencies, timetable);
  }

  /**
   * Checks a schedule that is to run with bounded buffers: a link is a channel that delivers in the
   * order of sending and holds so many frames that were sent and not yet used, beyond which a send
   * waits, and its rank with it, until there is room. A schedule without sends sends each frame
   * before it goes on from the action that makes it.
   *
   * @param framesPerLink how many frames each link holds, at least 1
   * @return the peaks of its runs where nothing waits for room
   * @throws InvalidScheduleException as {@link #verify(Schedule)}, or if ranks can wait for each
   *     other's room for ever; then the message says how many frames would do
   * @throws IllegalArgumentException if links hold no frame
   */
  public static Peaks verify(Schedule schedule, int framesPerLink) {
    if (framesPerLink < 1) {
      throw new IllegalArgumentException(
          said(
              "links of %s carry nothing; give them 1 or more",
              new Amount(framesPerLink, "frame")));
    }
    return verify(schedule, (from, to) -> framesPerLink);
  }

  /**
   * Checks a schedule as {@link #verify(Schedule, int)} does, for links that hold as many frames as
   * some peaks say; its own are always enough.
   *
   * @throws InvalidScheduleException as {@link #verify(Schedule, int)}
   */
  public static Peaks verify(Schedule schedule, Peaks bounds) {
    return verify(schedule, bounds::inFlight);
  }

  private static Peaks verify(Schedule schedule, IntBinaryOperator framesOfLink) {
    Peaks peaks = verify(schedule);
    Dependencies bounded = new Dependencies(schedule, framesOfLink);
    if (!Deadlock.isFree(schedule, bounded)) {
      int enough = 1;
      while (!isEnough(schedule, enough)) {
        enough++;
      }
      Deadlock.check(
          schedule, bounded, said("; links of %s would do", new Amount(enough, "frame")));
    }
    return peaks;
  }

  private static boolean isEnough(Schedule schedule, int framesPerLink) {
    return Deadlock.isFree(schedule, new Dependencies(schedule, (from, to) -> framesPerLink));
  }

  private void checkPlaces() {
    Set<Action> seen = new HashSet<>();
    for (int rank = 0; rank < schedule.ranks().size(); rank++) {
      List<Action> actions = schedule.ranks().get(rank);
      if (actions.isEmpty()) {
        throw invalid(
            said("rank %d has no plan; give it a stage or use fewer ranks", rank),
            new Slot(rank, Slot.WHOLE_RANK));
      }
      for (int index = 0; index < actions.size(); index++) {
        Action action = actions.get(index);
        Slot place = new Slot(rank, index);
        if (action.stage() >= schedule.stages()) {
          throw invalid(
              said(
                  "%s is of stage %d, but the schedule has %s, counted from 0",
                  action, action.stage(), new Amount(schedule.stages(), "stage")),
              place);
        }
        if (action.microBatch() >= schedule.microBatches()) {
          throw invalid(
              said(
                  "%s is of micro-batch %d, but the schedule has %s, counted from 0",
                  action, action.microBatch(), new Amount(schedule.microBatches(), "micro-batch")),
              place);
        }
        int holder = dependencies.rankOf(action.stage());
        if (holder != rank) {
          throw invalid(
              said(
                  "%s is on rank %d, but stage %d is on rank %d already; a stage lives on one rank",
                  action, rank, action.stage(), holder),
              place);
        }
        if (!seen.add(action)) {
          throw invalid(said("%s is done twice", action), place);
        }
      }
    }
  }

  private void checkComplete() {
    boolean forwardOnly = schedule.isForwardOnly();
    for (int stage = 0; stage < schedule.stages(); stage++) {
      for (int microBatch = 0; microBatch < schedule.microBatches(); microBatch++) {
        Action forward = new Action(stage, ActionKind.F, microBatch);
        Action whole = forward.as(ActionKind.B);
        Action input = forward.as(ActionKind.I);
        Action weight = forward.as(ActionKind.W);
        if (!has(forward)) {
          throw missing(forward, "every stage does the forward of every micro-batch");
        }
        if (forwardOnly) {
          continue;
        }
        if (has(whole) && (has(input) || has(weight))) {
          Action half = has(input) ? input : weight;
          throw invalid(
              said(
                  "%s does the backward of %s again; write it whole (B) or in halves (I and W)",
                  half, whole),
              dependencies.place(half));
        }
        if (has(whole)) {
          continue;
        }
        if (!has(input)) {
          throw has(weight)
              ? missing(input, said("%s is the other half of its backward", weight))
              : missing(whole, "every stage does the backward of every micro-batch");
        }
        if (!has(weight)) {
          throw missing(weight, said("%s is only half of a backward", input));
        }
      }
    }
  }

  private void checkOrderOnRanks() {
    for (List<Action> actions : schedule.ranks()) {
      for (Action action : actions) {
        switch (action.kind()) {
          case B, I -> {
            checkAfter(action, action.as(ActionKind.F), "a backward needs its forward");
            checkAfter(action, action.as(ActionKind.R), "a backward needs what that makes again");
          }
          case W ->
              checkAfter(action, action.as(ActionKind.I), "a weight gradient needs its input half");
          case SEND_F -> checkAfter(action, action.as(ActionKind.F), "it sends what that makes");
          case SEND_B -> checkAfter(action, backward(action), "it sends what that makes");
          case RECV_F -> checkAfter(action.as(ActionKind.F), action, "it uses what that receives");
          case RECV_B -> checkAfter(backward(action), action, "it uses what that receives");
          default -> {
            // A forward needs nothing of its own stage; what is done again: see RepeatVerifier;
            // what
            // ends a mini-batch: see EndVerifier.
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
                        said("%s is never sent: %s is missing", frame.maker(), frame.send()),
                        dependencies.place(frame.maker()));
                  }
                  if (!has(frame.receive())) {
                    throw invalid(
                        said("%s has no receive: %s is missing", frame.send(), frame.receive()),
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
        if (!action.kind().isMovement()) {
          continue;
        }
        Frame frame = frameOfEnd.get(action);
        if (frame == null) {
          throw invalid(
              said("%s has no other end: nothing crosses ranks there", action),
              new Slot(rank, index));
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
            said(
                "%s is received out of order: rank %d sends %s first to rank %d",
                received.get(i).receive(), link.get(0), sent.get(i).send(), link.get(1)),
            dependencies.place(received.get(i).receive()));
      }
    }
  }

  private void checkAfter(Action later, Action earlier, String why) {
    Slot place = dependencies.place(later);
    Slot before = dependencies.place(earlier);
    if (place != null && before != null && place.index() < before.index()) {
      throw invalid(said("%s comes before %s; %s", later, earlier, why), place);
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
        said("%s is missing; %s", action, why),
        rank == null ? null : new Slot(rank, Slot.WHOLE_RANK));
  }

  private InvalidScheduleException invalid(String problem, Slot where) {
    return new InvalidScheduleException(schedule, dependencies, problem, where);
  }

  private static String said(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
