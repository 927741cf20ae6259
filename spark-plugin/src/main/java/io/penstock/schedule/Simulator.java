package io.penstock.schedule;

import io.penstock.Amount;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Simulates a schedule in time, every rank doing its next action as soon as that can be. Stateless;
 * any thread may call. A rank does one action at a time; only compute and updates take its time,
 * and each frame what it {@linkplain LinkCost#busy keeps} either rank from computing. A frame
 * leaves where the schedule sends it, or as soon as it is made where the schedule has compute
 * actions only. A link is an ordered pair of ranks: it carries one frame after the other in the
 * order in which they leave, beside all compute. Stages on one rank hand over at once. A rank's
 * disk does one write or read after the other, beside all compute.
 *
 * <p>All that leaves over a link leaves from one rank, in that rank's order; so times need no queue
 * of events, and a run takes time in proportion to its actions.
 */
public final class Simulator {
  /**
   * A frame on the rank that uses it.
   *
   * @param time when a rank that waits for it has it
   * @param busy what taking it costs a rank that does not
   */
  private record Arrival(double time, double busy) {
    static final Arrival NONE = new Arrival(0, 0);
  }

  private final Schedule schedule;
  private final Costs costs;
  private final Dependencies dependencies;
  private final boolean lowered;
  private final SimulatedLinks links;
  private final SimulatedReplicas replicas;
  private final SimulatedDisk[] disks;

  /**
   * Time at which an action's result is there: on its own rank, or for a frame on the other one.
   */
  private final Map<Action, Double> done = new HashMap<>();

  private final Map<Action, Arrival> arrivals = new HashMap<>();
  private final List<List<Span>> spans = new ArrayList<>();
  private final double[] free;
  private final int[] next;

  private Simulator(Schedule schedule, Costs costs) {
    this.schedule = schedule;
    this.costs = costs;
    this.dependencies = new Dependencies(schedule);
    this.lowered = schedule.isLowered();
    int ranks = schedule.ranks().size();
    this.links = new SimulatedLinks(ranks, costs);
    this.replicas = new SimulatedReplicas(ranks, schedule.stages(), costs.replicas());
    this.disks = new SimulatedDisk[ranks];
    Arrays.setAll(disks, rank -> new SimulatedDisk(costs));
    this.free = new double[ranks];
    this.next = new int[ranks];
    schedule.ranks().forEach(rank -> spans.add(new ArrayList<>()));
  }

  /**
   * Simulates a schedule of compute actions, or a lowered one.
   *
   * @param costs of as many stages as the schedule has
   * @throws IllegalArgumentException if the costs are of another number of stages
   * @throws InvalidScheduleException if the schedule cannot be run to its end
   */
  public static Simulation simulate(Schedule schedule, Costs costs) {
    if (costs.stages() != schedule.stages()) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "schedule %s has %s over all ranks, the costs have %d: give one cost a stage",
              schedule.name(),
              new Amount(schedule.stages(), "stage"),
              costs.stages()));
    }
    return new Simulator(schedule, costs).run();
  }

  private Simulation run() {
    boolean moved = true;
    while (moved) {
      moved = false;
      for (int rank = 0; rank < next.length; rank++) {
        moved |= advance(rank);
      }
    }
    for (int rank = 0; rank < next.length; rank++) {
      if (next[rank] < schedule.ranks().get(rank).size()) {
        Verifier.verify(schedule); // says what is wrong, with the place marked
        throw new IllegalStateException(
            "stuck in a schedule that was verified: " + schedule.name());
      }
    }
    ActivationPeaks kept =
        ActivationPeaks.of(schedule, costs.activationBytes()::get, costs.inputBytes()::get);
    return new Simulation(
        schedule, spans, kept.activations(), kept.bytes(), links.mostInFlight(this::end));
  }

  /**
   * Does what a rank can do until it has to wait for another; returns whether that was anything.
   */
  private boolean advance(int rank) {
    List<Action> actions = schedule.ranks().get(rank);
    int before = next[rank];
    while (next[rank] < actions.size()) {
      Action action = actions.get(next[rank]);
      double start = earliestStart(action, free[rank]);
      if (Double.isNaN(start)) {
        break;
      }
      if (isExchange(action)) {
        start = Math.max(start, replicas.arrival(rank, action.stage()));
      }
      start = disks[rank].start(action, start);
      double end = start + costs.of(action);
      replicas.done(action, end);
      if (action.kind().isWork()) {
        spans.get(rank).add(new Span(action, start, end));
      }
      done.put(action, end);
      free[rank] = end;
      departing(action).ifPresent(frame -> depart(rank, frame, end));
      next[rank]++;
    }
    return next[rank] > before;
  }

  private static boolean isExchange(Action action) {
    return action.kind() == ActionKind.REDUCE_SCATTER || action.kind() == ActionKind.ALL_GATHER;
  }

  /**
   * Returns when the action can start on a rank that is free from then on; NaN if that is not known
   * yet.
   */
  private double earliestStart(Action action, double free) {
    Arrival frame = arrivals.getOrDefault(action, Arrival.NONE);
    double start = Math.max(free + frame.busy(), frame.time());
    for (Action need : dependencies.needs(action)) {
      Double time = done.get(need);
      if (time == null) {
        return Double.NaN;
      }
      start = Math.max(start, time);
    }
    return start;
  }

  /** The frame that is on its way once an action is done. */
  private Optional<Frame> departing(Action action) {
    Action maker = action;
    if (lowered) {
      switch (action.kind()) {
        case SEND_F -> maker = action.as(ActionKind.F);
        case SEND_B -> maker = dependencies.backward(action);
        default -> {
          return Optional.empty();
        }
      }
    }
    return dependencies.user(maker).flatMap(dependencies::frame);
  }

  private void depart(int rank, Frame frame, double time) {
    int to = dependencies.rankOf(frame.user().stage());
    double busy = costs.link(rank, to).busy();
    arrivals.put(frame.user(), new Arrival(links.carry(rank, to, frame, time), busy));
    free[rank] = time + busy;
  }

  private double end(Action action) {
    return done.get(action);
  }
}
