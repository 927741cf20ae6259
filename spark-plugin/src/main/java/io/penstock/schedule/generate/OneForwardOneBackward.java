package io.penstock.schedule.generate;

import io.penstock.schedule.Action;
import io.penstock.schedule.Schedule;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * One forward, one backward: PipeDream-Flush (Narayanan et al. 2021, arXiv 2104.04473, section
 * 2.2.1). As quick as GPipe when transfer is free, but rank r of p keeps the activations of min(p -
 * r, m) micro-batches only: it starts with p - 1 - r forwards, then does a backward for each
 * forward.
 *
 * <pre>
 *  rank 0  F0 F1 F2 .  .  B0 F3 B1 .  B2 .  B3
 *  rank 1  .  F0 F1 .  B0 F2 B1 F3 B2 .  B3 .
 *  rank 2  .  .  F0 B0 F1 B1 F2 B2 F3 B3 .  .
 * </pre>
 */
final class OneForwardOneBackward implements Generator {
  @Override
  public String id() {
    return "1f1b";
  }

  @Override
  public Schedule generate(int ranks, int virtualStages, int microBatches, OptionalInt warmUp) {
    var rounds = new Rounds(ranks, 1, microBatches);
    return of(
        ranks,
        ranks,
        microBatches,
        rank -> alternate(rounds.forwards(rank), rounds.backwards(rank), ranks - 1 - rank));
  }

  /** The actions of a rank: so many forwards, then a backward for each forward. */
  static List<Action> alternate(List<Action> forwards, List<Action> backwards, int warmUp) {
    List<Action> actions = new ArrayList<>();
    for (int i = 0; i < warmUp + backwards.size(); i++) {
      if (i < forwards.size()) {
        actions.add(forwards.get(i));
      }
      if (i >= warmUp) {
        actions.add(backwards.get(i - warmUp));
      }
    }
    return actions;
  }
}
