package io.penstock.schedule;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Figures of a schedule's compute actions, each known by a number: what it takes, keeps and hands
 * over. They do not depend on the order in which ranks do the actions. Not changed once made.
 */
final class ActionFigures {
  /** Number of no action. */
  static final int NONE = -1;

  private final List<Action> actions = new ArrayList<>();
  private final int[][] given;

  /** By action: its rank, its time, and the action of another stage that makes its input. */
  final int[] rank;

  final double[] time;
  final int[] maker;

  /** By action: the rank that its output is sent to, and of that the link's figures. */
  final int[] to;

  final double[] carry;
  final double[] latency;
  final double[] busy;

  /** By action: bytes of activations that it adds while it is done, and that it leaves. */
  final double[] adds;

  final double[] leaves;

  ActionFigures(Schedule schedule, Costs costs) {
    Map<Action, Integer> numbers = new HashMap<>();
    this.given = new int[schedule.ranks().size()][];
    for (int r = 0; r < given.length; r++) {
      List<Action> list = schedule.ranks().get(r);
      given[r] = new int[list.size()];
      for (int i = 0; i < given[r].length; i++) {
        given[r][i] = actions.size();
        numbers.put(list.get(i), actions.size());
        actions.add(list.get(i));
      }
    }
    int count = actions.size();
    this.rank = new int[count];
    this.time = new double[count];
    this.maker = new int[count];
    this.to = new int[count];
    this.carry = new double[count];
    this.latency = new double[count];
    this.busy = new double[count];
    this.adds = new double[count];
    this.leaves = new double[count];
    Dependencies dependencies = new Dependencies(schedule);
    for (int number = 0; number < count; number++) {
      Action action = actions.get(number);
      rank[number] = dependencies.rankOf(action.stage());
      time[number] = costs.of(action);
      maker[number] = dependencies.maker(action).map(numbers::get).orElse(NONE);
      handOver(number, dependencies, costs);
      boolean again = numbers.containsKey(action.as(ActionKind.R));
      keep(number, again, costs);
    }
  }

  private void handOver(int number, Dependencies dependencies, Costs costs) {
    Optional<Frame> frame = dependencies.user(actions.get(number)).flatMap(dependencies::frame);
    to[number] = frame.map(one -> dependencies.rankOf(one.user().stage())).orElse(NONE);
    if (frame.isPresent()) {
      LinkCost link = costs.link(rank[number], to[number]);
      carry[number] = costs.bytes(frame.get()) / link.bandwidth();
      latency[number] = link.latency();
      busy[number] = link.busy();
    }
  }

  private void keep(int number, boolean again, Costs costs) {
    Action action = actions.get(number);
    double whole = costs.activationBytes().get(action.stage());
    double input = costs.inputBytes().get(action.stage());
    switch (action.kind()) {
      case F -> {
        adds[number] = whole;
        leaves[number] = again ? input : whole;
      }
      case R -> {
        adds[number] = whole - input;
        leaves[number] = whole - input;
      }
      case B, W -> leaves[number] = -whole;
      default -> {
        // Nothing comes or goes.
      }
    }
  }

  int count() {
    return actions.size();
  }

  Action action(int number) {
    return actions.get(number);
  }

  /** Returns a copy of the order that the schedule has, by rank. */
  int[][] order() {
    int[][] order = new int[given.length][];
    for (int r = 0; r < order.length; r++) {
      order[r] = given[r].clone();
    }
    return order;
  }

  /**
   * Returns whether two actions of a rank may be done in either order: a stage does its actions of
   * one kind, and those on one micro-batch, in the order it has them, which keeps weight gradients
   * ascending; and no action comes before the one that makes its input.
   */
  boolean mayPass(int one, int other) {
    Action a = actions.get(one);
    Action b = actions.get(other);
    if (a.stage() != b.stage()) {
      return maker[one] != other && maker[other] != one;
    }
    return a.microBatch() != b.microBatch()
        && a.kind() != b.kind()
        && !(a.kind().givesWeightGradient() && b.kind().givesWeightGradient());
  }
}
