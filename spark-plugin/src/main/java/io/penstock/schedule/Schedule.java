package io.penstock.schedule;

import io.penstock.Amount;
import io.penstock.schedule.generate.Generator;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Schedule of a mini-batch: the actions that each rank does, in order. A rank is one executor and
 * may hold several stages. Immutable. Holds compute actions only as most {@link Generator}s make
 * it, and sends and receives too once lowered ({@link Lowering}). Says nothing of whether it can be
 * run: that is for {@link Verifier}.
 *
 * <p>What ends a mini-batch ({@link MiniBatchEnd}) is of no micro-batch; it bears the number of the
 * mini-batch's first one, 0 but in schedules of several {@linkplain #inARow in a row}.
 *
 * @param name what to call it in messages, such as {@code 1f1b}
 * @param stages number of stages over all ranks
 * @param microBatches number of micro-batches in a mini-batch
 * @param ranks the actions of each rank, in the order it does them
 * @param overlapped the forwards that are meant to run at the same time as the backward right after
 *     them on their rank; a hint, for whoever takes the two in order does them right
 */
public record Schedule(
    String name, int stages, int microBatches, List<List<Action>> ranks, Set<Action> overlapped)
    implements Serializable {

  /**
   * Copies the lists and checks the numbers.
   *
   * @throws IllegalArgumentException if there is no stage, no micro-batch or no rank, or if an
   *     overlapped action is no forward that a backward (B or I) follows
   */
  public Schedule {
    Objects.requireNonNull(name, "name");
    ranks = ranks.stream().map(List::copyOf).toList();
    if (stages < 1 || microBatches < 1 || ranks.isEmpty()) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "schedule %s of %s, %s and %s: it takes at least one of" + " each",
              name,
              new Amount(stages, "stage"),
              new Amount(microBatches, "micro-batch"),
              new Amount(ranks.size(), "rank")));
    }
    overlapped = Set.copyOf(overlapped);
    Set<Action> pairless = new HashSet<>(overlapped);
    pairless.removeAll(pairs(ranks, overlapped, Integer.MAX_VALUE));
    if (!pairless.isEmpty()) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "schedule %s overlaps %s with what comes after it; a pair is a forward (F) and right"
                  + " after it a backward (B or I) of its rank",
              name,
              pairless));
    }
  }

  /** A schedule that overlaps nothing. */
  public Schedule(String name, int stages, int microBatches, List<List<Action>> ranks) {
    this(name, stages, microBatches, ranks, Set.of());
  }

  /**
   * Returns the rank that holds a stage.
   *
   * @throws IllegalArgumentException if no rank does anything for that stage
   */
  public int rankOf(int stage) {
    for (int rank = 0; rank < ranks.size(); rank++) {
      for (Action action : ranks.get(rank)) {
        if (action.stage() == stage) {
          return rank;
        }
      }
    }
    throw new IllegalArgumentException(
        String.format(
            Locale.ROOT,
            "no rank of schedule %s holds stage %d; it has %s, counted from 0",
            name,
            stage,
            new Amount(stages, "stage")));
  }

  /**
   * Returns whether it has forwards only, as for inference: no backward, whole or half, and no
   * movement of gradients.
   */
  public boolean isForwardOnly() {
    return ranks.stream().flatMap(List::stream).allMatch(action -> action.kind().isForward());
  }

  /**
   * Returns the forwards of this schedule alone, on the same ranks in the same order: for rows that
   * nothing is to be learnt from. Compute actions only.
   */
  public Schedule forwards() {
    List<List<Action>> kept =
        ranks.stream()
            .map(rank -> rank.stream().filter(action -> action.kind() == ActionKind.F).toList())
            .toList();
    return new Schedule(name + ", forward", stages, microBatches, kept);
  }

  /**
   * Returns this schedule for the first micro-batches only, in the same order: for a mini-batch
   * that has fewer rows than the others. What {@link Verifier} accepts stays acceptable.
   *
   * @param firstMicroBatches how many to keep
   * @throws IllegalArgumentException if it is not between 1 and the number there is
   */
  public Schedule first(int firstMicroBatches) {
    if (firstMicroBatches < 1 || firstMicroBatches > microBatches) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "the first %s of schedule %s: it has %d, so keep 1 to %3$d",
              new Amount(firstMicroBatches, "micro-batch"),
              name,
              microBatches));
    }
    if (firstMicroBatches == microBatches) {
      return this;
    }
    List<List<Action>> kept =
        ranks.stream()
            .map(
                rank ->
                    rank.stream()
                        .filter(action -> action.microBatch() < firstMicroBatches)
                        .toList())
            .toList();
    return new Schedule(
        name, stages, firstMicroBatches, kept, pairs(ranks, overlapped, firstMicroBatches));
  }

  /**
   * Returns the schedule of several mini-batches in a row. As in training, a rank turns to the next
   * one when it has done its own part, and waits for no other: so a schedule whose ranks end one
   * after another ({@code zb-h2}) takes less for each of several than for one alone.
   *
   * @param miniBatches at least 1
   * @throws IllegalArgumentException if it is less
   */
  public Schedule inARow(int miniBatches) {
    if (miniBatches < 1) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "%s in a row: it takes at least one",
              new Amount(miniBatches, "mini-batch")));
    }
    List<List<Action>> all = new ArrayList<>();
    for (List<Action> actions : ranks) {
      List<Action> repeated = new ArrayList<>();
      for (int i = 0; i < miniBatches; i++) {
        int before = i * microBatches;
        actions.forEach(action -> repeated.add(action.later(before)));
      }
      all.add(repeated);
    }
    Set<Action> marks = new HashSet<>();
    for (int i = 0; i < miniBatches; i++) {
      int before = i * microBatches;
      overlapped.forEach(action -> marks.add(action.later(before)));
    }
    return new Schedule(name, stages, miniBatches * microBatches, all, marks);
  }

  /** Returns the stages whose forward is done again for some micro-batches, ascending. */
  public SortedSet<Integer> recomputedStages() {
    return ranks.stream()
        .flatMap(List::stream)
        .filter(action -> action.kind() == ActionKind.R)
        .map(Action::stage)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /**
   * Returns the name it was generated by: its own, or that of the one it was made from by a search
   * or with weight gradients last.
   */
  public String generatedName() {
    String made = WeightGradientsLast.nameBefore(this);
    return made.endsWith(OrderSearch.SEARCHED)
        ? made.substring(0, made.length() - OrderSearch.SEARCHED.length())
        : made;
  }

  /**
   * Returns this schedule with its actions in another order, whole backwards in halves, or with
   * what ends a mini-batch.
   */
  Schedule inOrder(String newName, List<List<Action>> actions) {
    return new Schedule(
        newName, stages, microBatches, actions, pairs(actions, overlapped, Integer.MAX_VALUE));
  }

  /** The marked forwards with a backward right after them, both of the first micro-batches. */
  private static Set<Action> pairs(
      List<List<Action>> ranks, Set<Action> marked, int firstMicroBatches) {
    Set<Action> pairs = new HashSet<>();
    for (List<Action> actions : ranks) {
      for (int index = 0; index < actions.size(); index++) {
        if (isPair(actions, index)
            && marked.contains(actions.get(index))
            && actions.get(index).microBatch() < firstMicroBatches
            && actions.get(index + 1).microBatch() < firstMicroBatches) {
          pairs.add(actions.get(index));
        }
      }
    }
    return pairs;
  }

  private static boolean isPair(List<Action> actions, int index) {
    return index + 1 < actions.size()
        && actions.get(index).kind() == ActionKind.F
        && actions.get(index + 1).kind().givesInputGradient();
  }

  /**
   * Returns whether the action of a rank at an index and the one after it are an overlapped pair.
   */
  boolean isOverlapped(Slot place) {
    List<Action> actions = ranks.get(place.rank());
    return isPair(actions, place.index()) && overlapped.contains(actions.get(place.index()));
  }

  /** Returns whether it holds sends and receives. */
  boolean isLowered() {
    return ranks.stream().flatMap(List::stream).anyMatch(action -> action.kind().isMovement());
  }
}
