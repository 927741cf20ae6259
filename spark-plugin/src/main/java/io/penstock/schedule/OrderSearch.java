package io.penstock.schedule;

import io.penstock.Amount;
import io.penstock.Internal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * Local search for a quicker order of a schedule's actions, for stages whose costs differ: what
 * generators make is the best for equal ones. Whole backwards come in halves first. Then an action
 * on the critical path is moved before some others of its rank, or one of those behind it; what
 * makes the schedule no slower, and keeps no rank's activations beyond its memory, stays. A pure
 * function, the places drawn from one seed; any thread may call.
 */
@Internal
public final class OrderSearch {
  /** What a searched schedule's name ends with. */
  static final String SEARCHED = ", searched";

  /** Moves to try at most. */
  private static final int TRIES = 20_000;

  /** Moves to try in a row without a gain. */
  private static final int PATIENCE = 4_000;

  /** Actions to play at most, all tries together: half a second's. */
  private static final long PLAYED = 50_000_000;

  /** Places that an action is moved by at most. */
  private static final int REACH = 12;

  /** Less than this, relatively, is gained by rounding only. */
  private static final double ROUNDING = 1e-9;

  private final ActionFigures figures;
  private final OrderSimulation simulation;
  private final List<Double> mostBytes;
  private final int[][] orders;
  private final Random random = new Random(1);

  private OrderSearch(Schedule schedule, Costs costs, List<Double> mostBytes, int miniBatches) {
    this.figures = new ActionFigures(schedule, costs);
    this.simulation = new OrderSimulation(figures, schedule.ranks().size(), miniBatches);
    this.mostBytes = mostBytes;
    this.orders = figures.order();
  }

  /**
   * Searches.
   *
   * @param schedule compute actions only
   * @param costs of as many stages as the schedule has
   * @param mostBytes for each rank, the most bytes of activations it may keep at a time
   * @param miniBatches how many to play in a row: the time of all of them is what is made shorter
   * @return a schedule whose name ends with {@code , searched}, which {@link Verifier} accepts and
   *     whose weight gradients come in the same order; or the one given, if that needs more memory
   *     or none quicker was found
   * @throws IllegalArgumentException if the schedule has other actions, or the limits are not of
   *     its number of ranks
   */
  public static Schedule search(
      Schedule schedule, Costs costs, List<Double> mostBytes, int miniBatches) {
    check(schedule, mostBytes);
    double given = Simulator.simulate(schedule.inARow(miniBatches), costs).makespan();
    Schedule halves = halves(schedule);
    OrderSearch search = new OrderSearch(halves, costs, mostBytes, miniBatches);
    if (schedule.isForwardOnly() || !search.fits()) {
      return schedule;
    }
    double found = search.improve(miniBatches);
    if (found >= given * (1 - ROUNDING)) {
      return schedule;
    }
    Schedule searched = halves.inOrder(schedule.name() + SEARCHED, search.ranks());
    Verifier.verify(searched);
    return searched;
  }

  private static void check(Schedule schedule, List<Double> mostBytes) {
    if (mostBytes.size() != schedule.ranks().size()) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "schedule %s has %s, there are %d limits of bytes: give one a rank",
              schedule.name(),
              new Amount(schedule.ranks().size(), "rank"),
              mostBytes.size()));
    }
    if (!schedule.ranks().stream().flatMap(List::stream).allMatch(a -> a.kind().isCompute())) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "schedule %s has more than compute actions; search first, then add the movement and"
                  + " what ends a mini-batch",
              schedule.name()));
    }
  }

  /** The input gradient goes on at once, and the weight gradient right after it. */
  private static Schedule halves(Schedule schedule) {
    List<List<Action>> ranks = new ArrayList<>();
    for (List<Action> actions : schedule.ranks()) {
      List<Action> halves = new ArrayList<>();
      for (Action action : actions) {
        if (action.kind() == ActionKind.B) {
          halves.add(action.as(ActionKind.I));
          halves.add(action.as(ActionKind.W));
        } else {
          halves.add(action);
        }
      }
      ranks.add(halves);
    }
    return schedule.inOrder(schedule.name(), ranks);
  }

  private boolean fits() {
    for (int rank = 0; rank < orders.length; rank++) {
      if (!fits(rank)) {
        return false;
      }
    }
    return true;
  }

  private boolean fits(int rank) {
    double kept = 0;
    double peak = 0;
    for (int action : orders[rank]) {
      peak = Math.max(peak, kept + figures.adds[action]);
      kept += figures.leaves[action];
    }
    return peak <= mostBytes.get(rank) * (1 + ROUNDING);
  }

  /** Returns the time of the order it ends with. */
  private double improve(int miniBatches) {
    double makespan = simulation.makespan(orders, Double.POSITIVE_INFINITY);
    double least = miniBatches * busiest() * (1 + ROUNDING);
    List<Slot> critical = simulation.critical(orders);
    long tries = Math.min(TRIES, PLAYED / ((long) miniBatches * figures.count()));
    long gained = 0;
    for (long i = 0; i < tries && i - gained < PATIENCE && makespan > least; i++) {
      Slot place = critical.get(random.nextInt(critical.size()));
      int rank = place.rank();
      int other = Math.max(0, place.index() - 1 - random.nextInt(REACH));
      boolean earlier = random.nextBoolean();
      int from = earlier ? place.index() : other;
      int to = earlier ? other : place.index();
      if (!move(rank, from, to)) {
        continue;
      }
      double moved = fits(rank) ? simulation.makespan(orders, makespan) : Double.POSITIVE_INFINITY;
      if (moved < Double.POSITIVE_INFINITY) {
        gained = moved < makespan * (1 - ROUNDING) ? i : gained;
        makespan = moved;
        critical = simulation.critical(orders);
      } else {
        move(rank, to, from);
      }
    }
    return makespan;
  }

  /** Returns the time of the rank that has most to do in a mini-batch: no order is quicker. */
  private double busiest() {
    double most = 0;
    for (int[] order : orders) {
      most = Math.max(most, Arrays.stream(order).mapToDouble(a -> figures.time[a]).sum());
    }
    return most;
  }

  /** Moves an action past others, which move up; returns whether it may pass them all. */
  private boolean move(int rank, int from, int to) {
    int[] order = orders[rank];
    int step = from < to ? 1 : -1;
    int action = order[from];
    for (int i = from; i != to; i += step) {
      if (!figures.mayPass(action, order[i + step])) {
        return false;
      }
    }
    for (int i = from; i != to; i += step) {
      order[i] = order[i + step];
    }
    order[to] = action;
    return true;
  }

  private List<List<Action>> ranks() {
    List<List<Action>> ranks = new ArrayList<>();
    for (int[] order : orders) {
      List<Action> actions = new ArrayList<>();
      for (int action : order) {
        actions.add(figures.action(action));
      }
      ranks.add(actions);
    }
    return ranks;
  }
}
