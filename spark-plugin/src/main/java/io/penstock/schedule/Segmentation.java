package io.penstock.schedule;

import io.penstock.Amount;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Activation checkpointing by layer: the segments that each stage is divided into, and which of
 * them are done again before their backward (Chen et al. 2016, arXiv 1604.06174, section 4.2). A
 * segment is a stage whose neighbours lie on the same rank: {@link #in} makes of a schedule one of
 * such stages, and all that knows stages knows segments. Where one segment after the other is done
 * again right before its backward, the activations of one alone are there at a time, and of the
 * others their inputs. Immutable.
 *
 * @param recomputed by stage, then by segment, whether the segment's forward is done again, so that
 *     its input alone is kept until then
 */
public record Segmentation(List<List<Boolean>> recomputed) {

  /**
   * Copies the lists.
   *
   * @throws IllegalArgumentException if there is no stage, or one without a segment
   */
  public Segmentation {
    recomputed = recomputed.stream().map(List::copyOf).toList();
    if (recomputed.isEmpty() || recomputed.stream().anyMatch(List::isEmpty)) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "segments of stages %s; there is a stage, and a segment of each",
              recomputed));
    }
  }

  /** Returns stages in as many segments each, all of which are done again or none. */
  public static Segmentation even(int stages, int segments, boolean recomputed) {
    return new Segmentation(Collections.nCopies(stages, Collections.nCopies(segments, recomputed)));
  }

  /** Returns the number of stages that are divided. */
  public int stages() {
    return recomputed.size();
  }

  /** Returns the number of segments of all stages. */
  public int segments() {
    return recomputed.stream().mapToInt(List::size).sum();
  }

  /** Returns the number that a stage's first segment has among all. */
  public int first(int stage) {
    return recomputed.subList(0, stage).stream().mapToInt(List::size).sum();
  }

  /**
   * Divides the stages of a schedule: forwards go through a stage's segments from the first to the
   * last, backwards and weight gradients from the last to the first. A segment's second forward
   * stands right before its backward; where that follows upon the forward itself, there is none,
   * for it would save nothing. A schedule with second forwards of its own keeps them, each in the
   * place it has, and gets no others.
   *
   * @param schedule compute actions, or a lowered one
   * @return a schedule of the same name whose stages are the segments
   * @throws IllegalArgumentException if it has another number of stages
   */
  public Schedule in(Schedule schedule) {
    if (schedule.stages() != stages()) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "schedule %s has %s over all ranks, but segments of %d are given: give those"
                  + " of every stage",
              schedule.name(),
              new Amount(schedule.stages(), "stage"),
              stages()));
    }
    int[] firsts = IntStream.rangeClosed(0, stages()).map(this::first).toArray();
    boolean recomputes = Recomputation.recomputes(schedule);
    List<List<Action>> ranks = new ArrayList<>();
    Set<Action> overlapped = new HashSet<>();
    Set<Action> again = new HashSet<>();
    for (List<Action> actions : schedule.ranks()) {
      List<Action> divided = new ArrayList<>();
      for (Action action : actions) {
        int first = firsts[action.stage()];
        for (Action part : parts(action, first, firsts[action.stage() + 1])) {
          boolean follows = !divided.isEmpty() && last(divided).equals(part.as(ActionKind.F));
          boolean flagged = recomputed.get(action.stage()).get(part.stage() - first);
          if (part.kind().givesInputGradient() && flagged && !follows && !recomputes) {
            again.add(part);
          }
          divided.add(part);
        }
        if (schedule.overlapped().contains(action)) {
          overlapped.add(last(divided)); // what follows is the first part of the backward
        }
      }
      ranks.add(divided);
    }
    Schedule divided =
        new Schedule(schedule.name(), segments(), schedule.microBatches(), ranks, overlapped);
    return Recomputation.before(divided, again::contains);
  }

  private static Action last(List<Action> actions) {
    return actions.get(actions.size() - 1);
  }

  /** Returns what a stage's segments do of its action, in order. */
  private static List<Action> parts(Action action, int first, int end) {
    return switch (action.kind()) {
      case F, R, OFFLOAD, PREFETCH -> IntStream.range(first, end).mapToObj(action::on).toList();
      case SEND_F, RECV_B, LOSS -> List.of(action.on(end - 1));
      case RECV_F, SEND_B, CHECK, CLIP -> List.of(action.on(first));
      case B, I, W, REDUCE_SCATTER, ALL_GATHER, TIED_GRAD, UPDATE, TIED_WEIGHT ->
          IntStream.range(first, end).map(i -> first + end - 1 - i).mapToObj(action::on).toList();
    };
  }
}
