package io.penstock.schedule;

import io.penstock.Internal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntBinaryOperator;

/**
 * Dependencies of a schedule's actions: the actions that each waits for, beside the one before it
 * on its rank. Not changed once made, so any thread may read it. Where the schedule holds sends and
 * receives, work that crosses ranks waits for those; where it does not, for the action that made
 * its input. Also answers for schedules that are wrong, so that they can be drawn: then some needs
 * are in no place.
 */
@Internal
public final class Dependencies {
  private final Schedule schedule;
  private final boolean lowered;
  private final Map<Action, Slot> places = new HashMap<>();
  private final Map<Integer, Integer> rankOfStage = new HashMap<>();
  private final Map<Action, Action> rooms = new HashMap<>();

  /** Agreements of all ranks, each by its kind and mini-batch. */
  private final Map<List<Object>, List<Slot>> agreements = new HashMap<>();

  /** Dependencies where links hold any number of frames. */
  public Dependencies(Schedule schedule) {
    this.schedule = schedule;
    this.lowered = schedule.isLowered();
    for (int rank = 0; rank < schedule.ranks().size(); rank++) {
      List<Action> actions = schedule.ranks().get(rank);
      for (int index = 0; index < actions.size(); index++) {
        Action action = actions.get(index);
        places.putIfAbsent(action, new Slot(rank, index));
        if (action.kind().isAgreement()) {
          agreements
              .computeIfAbsent(agreement(action), one -> new ArrayList<>())
              .add(new Slot(rank, index));
        }
        rankOfStage.putIfAbsent(actions.get(index).stage(), rank);
      }
    }
  }

  /**
   * Dependencies as if every link held a bounded number of frames, by sending and receiving rank. A
   * send of more has to wait for the use of the one that makes room: whichever frame a rank uses
   * first, it always uses the n-th of a link at the same place of its list.
   */
  public Dependencies(Schedule schedule, IntBinaryOperator framesOfLink) {
    this(schedule);
    Map<List<Integer>, List<Action>> uses = new HashMap<>();
    Map<Action, List<Integer>> departures = new HashMap<>();
    for (int to = 0; to < schedule.ranks().size(); to++) {
      for (Action user : schedule.ranks().get(to)) {
        Optional<Frame> frame = frame(user);
        if (frame.isPresent()) {
          List<Integer> link = List.of(rankOf(frame.get().maker().stage()), to);
          uses.computeIfAbsent(link, l -> new ArrayList<>()).add(user);
          departures.put(departure(frame.get()), link);
        }
      }
    }
    Map<List<Integer>, Integer> sent = new HashMap<>();
    for (List<Action> actions : schedule.ranks()) {
      for (Action action : actions) {
        List<Integer> link = departures.get(action);
        if (link != null) {
          int before = sent.merge(link, 1, Integer::sum) - 1;
          int room = framesOfLink.applyAsInt(link.get(0), link.get(1));
          if (before >= room) {
            rooms.put(action, uses.get(link).get(before - room));
          }
        }
      }
    }
  }

  /**
   * Returns the use of a frame that a send has to wait for, so that there is room; empty for most.
   */
  Optional<Action> room(Action action) {
    return Optional.ofNullable(rooms.get(action));
  }

  /** Returns the slot in which an action is first done; null if there is none. */
  Slot place(Action action) {
    return places.get(action);
  }

  /** Returns the rank that holds a stage; null if none does. */
  Integer rankOf(int stage) {
    return rankOfStage.get(stage);
  }

  /**
   * Returns the action of another stage that makes a compute action's input; empty if none does.
   */
  Optional<Action> maker(Action action) {
    if (action.kind() == ActionKind.F && action.stage() > 0) {
      return Optional.of(action.on(action.stage() - 1));
    }
    if (action.kind().givesInputGradient() && action.stage() + 1 < schedule.stages()) {
      return Optional.of(backward(action.on(action.stage() + 1)));
    }
    return Optional.empty();
  }

  /**
   * Returns the action of another stage that uses what a compute action makes; empty if none does.
   */
  Optional<Action> user(Action action) {
    if (action.kind() == ActionKind.F && action.stage() + 1 < schedule.stages()) {
      return Optional.of(action.on(action.stage() + 1));
    }
    if (action.kind().givesInputGradient() && action.stage() > 0) {
      return Optional.of(backward(action.on(action.stage() - 1)));
    }
    return Optional.empty();
  }

  /** Returns the action that gives the input gradient of the same stage and micro-batch: B or I. */
  Action backward(Action action) {
    Action half = action.as(ActionKind.I);
    return places.containsKey(half) ? half : action.as(ActionKind.B);
  }

  /**
   * Returns the frame that brings a compute action its input over a link; empty if it needs none.
   */
  Optional<Frame> frame(Action action) {
    return maker(action)
        .filter(maker -> rankOf(maker.stage()) != null)
        .filter(maker -> !rankOf(maker.stage()).equals(rankOf(action.stage())))
        .map(maker -> new Frame(maker, action));
  }

  /** Returns the action on the other rank after which the frame is on its way. */
  Action departure(Frame frame) {
    return lowered ? frame.send() : frame.maker();
  }

  private static List<Object> agreement(Action action) {
    return List.of(action.kind(), action.microBatch());
  }

  /** Returns the actions that must be done before an action can start. */
  List<Action> needs(Action action) {
    List<Action> needs = new ArrayList<>();
    switch (action.kind()) {
      case F, B, I -> {
        if (action.kind() != ActionKind.F) {
          Action again = action.as(ActionKind.R);
          needs.add(places.containsKey(again) ? again : action.as(ActionKind.F));
        }
        Optional<Frame> frame = frame(action);
        if (frame.isPresent()) {
          needs.add(departure(frame.get()));
          if (lowered) {
            needs.add(frame.get().receive());
          }
        } else {
          maker(action).ifPresent(needs::add);
        }
      }
      case W -> needs.add(action.as(ActionKind.I));
      case R -> {
        Action back = action.as(ActionKind.PREFETCH);
        needs.add(places.containsKey(back) ? back : action.as(ActionKind.F));
      }
      case OFFLOAD -> needs.add(action.as(ActionKind.F));
      case PREFETCH -> needs.add(action.as(ActionKind.OFFLOAD));
      case SEND_F -> needs.add(action.as(ActionKind.F));
      case SEND_B -> needs.add(backward(action));
      case TIED_GRAD -> {
        // Owners come before the layers that share their weights. Not every later stage need be
        // one of those: who waits for more waits no shorter.
        for (int stage = action.stage() + 1; stage < schedule.stages(); stage++) {
          if (places.containsKey(action.on(stage))) {
            needs.add(action.on(stage));
          }
        }
      }
      case CHECK, CLIP -> {
        // It ends when all ranks have begun theirs.
        int own = places.get(action).rank();
        for (Slot other : agreements.get(agreement(action))) {
          if (other.rank() != own && other.index() > 0) {
            needs.add(schedule.ranks().get(other.rank()).get(other.index() - 1));
          }
        }
      }
      default -> {
        // Posting a receive waits for nothing. What ends a mini-batch, but for the kinds above,
        // waits for its own rank alone, or for the same action of other replicas.
      }
    }
    room(action).ifPresent(needs::add);
    return needs;
  }
}
