package io.penstock.schedule.generate;

import io.penstock.schedule.Action;
import io.penstock.schedule.ActionKind;
import io.penstock.schedule.Schedule;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * Zero bubble at 1F1B's memory: ZB-H1 of Qi et al. 2023 (arXiv 2401.10241), also called ZB1P. It is
 * 1F1B with the backward in halves: the input gradients (I) go on at once, and the weight gradients
 * (W), for which nobody waits, fill the gaps. On rank r of p they come r micro-batches behind, so
 * that every rank keeps the activations of min(p, m) micro-batches, as many as rank 0 of {@link
 * OneForwardOneBackward}. From m = p on, it takes m(tF + tB) + (p - 1)(tF + tI - tW), a third of
 * 1F1B's bubble if tF = tI = tW.
 *
 * <p>With v stages a rank, it is {@link Interleaved} in halves, as in PyTorch, with p - 1 - r
 * forwards more than (v - 1)p to start with: a bubble 1 / v as long, at the activations of vp
 * stages where p divides m.
 *
 * <pre>
 *  rank 0  F0 F1 F2 .  .  I0 W0 F3 I1 W1 I2 W2 I3 W3
 *  rank 1  .  F0 F1 .  I0 F2 I1 W0 F3 I2 W1 I3 W2 W3
 *  rank 2  .  .  F0 I0 F1 I1 F2 I2 W0 F3 I3 W1 W2 W3
 * </pre>
 */
final class ZeroBubbleH1 implements Generator {
  @Override
  public String id() {
    return "zb-h1";
  }

  @Override
  public VirtualStages virtualStages() {
    return VirtualStages.any(1);
  }

  @Override
  public Schedule generate(int ranks, int virtualStages, int microBatches, OptionalInt warmUp) {
    var rounds = new Rounds(ranks, virtualStages, microBatches);
    int first = (virtualStages - 1) * rounds.longest();
    return of(
        ranks,
        ranks * virtualStages,
        microBatches,
        rank ->
            halves(rounds.forwards(rank), rounds.backwards(rank), first + ranks - 1 - rank, rank));
  }

  /** A rank that starts with so many forwards and lets weight gradients lag behind. */
  static List<Action> halves(List<Action> forwards, List<Action> backwards, int warmUp, int lag) {
    int count = backwards.size();
    List<Action> actions = new ArrayList<>();
    for (int i = 0; i < warmUp + count + lag; i++) {
      if (i < count) {
        actions.add(forwards.get(i));
      }
      if (i >= warmUp && i < warmUp + count) {
        actions.add(backwards.get(i - warmUp).as(ActionKind.I));
      }
      if (i >= warmUp + lag) {
        actions.add(backwards.get(i - warmUp - lag).as(ActionKind.W));
      }
    }
    return actions;
  }
}
