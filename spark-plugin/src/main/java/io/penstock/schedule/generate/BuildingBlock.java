package io.penstock.schedule.generate;

import io.penstock.Amount;
import io.penstock.schedule.Action;
import io.penstock.schedule.ActionKind;
import io.penstock.schedule.Schedule;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * Building block of a schedule in the shape of a V, after Qi et al. 2024 (arXiv 2405.15362): when
 * one micro-batch's forwards and input gradients are done, in time slots of one action each. The
 * block is repeated for every micro-batch, {@link #PERIOD} slots later each time, which leaves two
 * slots for weight gradients. How long a block keeps activations, divided by the period, is what a
 * rank keeps at a time: so the slots from stage to stage set the memory. Immutable.
 *
 * <p>Rank r of p holds stages r and 2p - 1 - r. Forwards go from rank 0 to rank p - 1 and back, and
 * so do input gradients.
 *
 * @param ranks how many ranks
 * @param outward slots from rank to rank on the way to the last one; it is one slot on the way back
 * @param pauseAtLoss slots of waiting on rank 0 between its last forward and the loss's gradient
 * @param pauseAtTurn slots of waiting on the last rank between its two input gradients
 */
record BuildingBlock(int ranks, int outward, int pauseAtLoss, int pauseAtTurn) {
  /** Slots from block to block: the six actions that a rank does for each micro-batch. */
  static final int PERIOD = 6;

  private record Timed(int slot, Action action) {}

  /**
   * Checks that repeated blocks never need one rank for two actions in one slot.
   *
   * @throws IllegalArgumentException if they do
   */
  BuildingBlock {
    int last = ranks - 1;
    for (int rank = 0; rank < ranks; rank++) {
      int[] slots = slots(rank, last, outward, pauseAtLoss, pauseAtTurn);
      if (IntStream.of(slots).map(slot -> slot % PERIOD).distinct().count() < slots.length) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "%s, %s outward, pauses %d and %d: two actions fall into one slot of"
                    + " rank %d; lengthen a pause",
                new Amount(ranks, "rank"),
                new Amount(outward, "slot"),
                pauseAtLoss,
                pauseAtTurn,
                rank));
      }
    }
  }

  /**
   * Returns the schedule that repeats this block, with the weight gradients in the gaps.
   *
   * @param mostKept forwards whose activations a rank may keep at a time
   * @throws IllegalArgumentException if the block takes more
   */
  Schedule repeated(String name, int microBatches, int mostKept) {
    List<List<Action>> order =
        IntStream.range(0, ranks).mapToObj(rank -> actions(rank, microBatches)).toList();
    int stages = 2 * ranks;
    return new Schedule(
        name, stages, microBatches, WeightGradientsInGaps.fill(order, stages, mostKept));
  }

  /** Returns a rank's forwards and input gradients of so many blocks, in order. */
  List<Action> actions(int rank, int microBatches) {
    int[] slots = slots(rank, ranks - 1, outward, pauseAtLoss, pauseAtTurn);
    int returning = 2 * ranks - 1 - rank;
    List<Timed> timed = new ArrayList<>();
    for (int i = 0; i < microBatches; i++) {
      int shift = i * PERIOD;
      timed.add(new Timed(slots[0] + shift, new Action(rank, ActionKind.F, i)));
      timed.add(new Timed(slots[1] + shift, new Action(returning, ActionKind.F, i)));
      timed.add(new Timed(slots[2] + shift, new Action(returning, ActionKind.I, i)));
      timed.add(new Timed(slots[3] + shift, new Action(rank, ActionKind.I, i)));
    }
    return timed.stream().sorted(Comparator.comparingInt(Timed::slot)).map(Timed::action).toList();
  }

  /** The slots of a rank's forwards and input gradients, each outward and on the way back. */
  private static int[] slots(int rank, int last, int outward, int pauseAtLoss, int pauseAtTurn) {
    int forwardsTurn = outward * last + 1;
    int loss = forwardsTurn + last + 1 + pauseAtLoss;
    int gradientsTurn = loss + outward * last + 1 + pauseAtTurn;
    return new int[] {
      outward * rank, forwardsTurn + last - rank, loss + outward * rank, gradientsTurn + last - rank
    };
  }
}
