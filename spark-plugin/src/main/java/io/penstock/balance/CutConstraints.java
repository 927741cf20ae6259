package io.penstock.balance;

import io.penstock.Amount;
import io.penstock.schedule.Action;
import io.penstock.schedule.ActionKind;
import io.penstock.schedule.Schedule;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Constraints of a cut: the stages and their ranks, the memory of a rank, and the cost of sending.
 * Immutable.
 *
 * @param ranks the rank of each stage; a rank may hold several
 * @param inFlight for each stage the most micro-batches whose activations it keeps at a time
 * @param memoryLimit bytes of weights, gradients, updater state and activations that a rank can
 *     hold; {@link #UNLIMITED} for no limit
 * @param frameCost time that a stage takes to send one frame, whatever its size, in the unit of the
 *     layers' times
 * @param byteCost time besides for each byte of the frame, in the same unit
 */
public record CutConstraints(
    List<Integer> ranks,
    List<Integer> inFlight,
    long memoryLimit,
    double frameCost,
    double byteCost) {
  /** A memory limit that nothing exceeds. */
  public static final long UNLIMITED = Long.MAX_VALUE;

  /**
   * Copies the lists and checks the numbers.
   *
   * @throws IllegalArgumentException if there is no stage, the lists differ in length, or a number
   *     is too small
   */
  public CutConstraints {
    ranks = List.copyOf(ranks);
    inFlight = List.copyOf(inFlight);
    if (ranks.isEmpty()) {
      throw new IllegalArgumentException("0 stages asked for; it takes at least one");
    }
    if (inFlight.size() != ranks.size()) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "%s, but micro-batches in flight for %d; give one number a stage",
              new Amount(ranks.size(), "stage"),
              inFlight.size()));
    }
    if (Collections.min(ranks) < 0 || Collections.min(inFlight) < 0 || memoryLimit < 0) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "stages on ranks %s with %s micro-batches in flight in %d bytes; none can be below 0",
              ranks,
              inFlight,
              memoryLimit));
    }
    if (!(frameCost >= 0 && byteCost >= 0 && Double.isFinite(frameCost + byteCost))) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "sending costs %s a frame and %s a byte; both are finite and at least 0",
              frameCost,
              byteCost));
    }
  }

  /**
   * Returns constraints of one stage a rank, one micro-batch in flight on each, no memory limit,
   * and free sending.
   *
   * @throws IllegalArgumentException if there is no stage
   */
  public static CutConstraints of(int stages) {
    if (stages < 1) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT, "%s asked for; it takes at least one", new Amount(stages, "stage")));
    }
    return new CutConstraints(
        IntStream.range(0, stages).boxed().toList(),
        Collections.nCopies(stages, 1),
        UNLIMITED,
        0,
        0);
  }

  /**
   * Returns the constraints of a schedule: stages where it has them, each with the most
   * micro-batches in flight that it ever has there: from the forward to the weight gradient. On a
   * rank of several stages these need not meet at one time, so a memory limit is kept on the safe
   * side. Where nothing is done backward nothing is kept, beyond the forward itself; and where a
   * forward is done again, nothing from the first time to the second but its input, which is not
   * counted. No memory limit yet, and sending costs nothing.
   */
  public static CutConstraints of(Schedule schedule) {
    Integer[] ranks = new Integer[schedule.stages()];
    Integer[] most = new Integer[schedule.stages()];
    int[] kept = new int[schedule.stages()];
    boolean keeps = !schedule.isForwardOnly();
    Arrays.fill(most, 0);
    for (int rank = 0; rank < schedule.ranks().size(); rank++) {
      Set<Action> all = new HashSet<>(schedule.ranks().get(rank));
      for (Action action : schedule.ranks().get(rank)) {
        int stage = action.stage();
        ranks[stage] = rank;
        switch (action.kind()) {
          case F -> {
            most[stage] = Math.max(most[stage], kept[stage] + 1);
            kept[stage] += keeps && !all.contains(action.as(ActionKind.R)) ? 1 : 0;
          }
          case R -> most[stage] = Math.max(most[stage], ++kept[stage]);
          case B, W -> kept[stage]--;
          default -> {}
        }
      }
    }
    return new CutConstraints(List.of(ranks), List.of(most), UNLIMITED, 0, 0);
  }

  /** Returns these constraints with the stages on other ranks, such as 0, 1, 0, 1. */
  public CutConstraints withRanks(List<Integer> ranks) {
    return new CutConstraints(ranks, inFlight, memoryLimit, frameCost, byteCost);
  }

  /** Returns these constraints with a memory limit for each rank, in bytes. */
  public CutConstraints withMemoryLimit(long bytes) {
    return new CutConstraints(ranks, inFlight, bytes, frameCost, byteCost);
  }

  /** Returns these constraints with these numbers of micro-batches in flight, by stage. */
  public CutConstraints withInFlight(List<Integer> microBatches) {
    return new CutConstraints(ranks, microBatches, memoryLimit, frameCost, byteCost);
  }

  /** Returns these constraints with a cost of sending, in the unit of the layers' times. */
  public CutConstraints withSendCost(double perFrame, double perByte) {
    return new CutConstraints(ranks, inFlight, memoryLimit, perFrame, perByte);
  }

  /** Returns the number of stages. */
  public int stages() {
    return ranks.size();
  }

  /** Returns whether frames between a stage and the next one cross from one rank to another. */
  boolean crosses(int stage) {
    return stage >= 0 && stage + 1 < stages() && !ranks.get(stage).equals(ranks.get(stage + 1));
  }

  /** Returns whether some rank holds several stages. */
  boolean shared() {
    return ranks.stream().distinct().count() < ranks.size();
  }
}
