package io.penstock.schedule.generate;

import io.penstock.schedule.Schedule;
import java.util.OptionalInt;

/**
 * One forward, one backward, begun with more forwards: the overlap-friendly 1F1B of Zhuang et al.
 * 2023 (arXiv 2211.05322). Rank r of p starts with up to 2(p - 1 - r) forwards, twice as many as
 * {@link OneForwardOneBackward}, and so keeps the activations of min(2(p - 1 - r) + 1, m)
 * micro-batches. It takes the same time when transfer is free; when it is not, there is work to do
 * while a frame travels to the next rank and its gradient back. A warm-up of k forwards on rank 0
 * gives rank r up to k - r: p - 1 makes 1F1B, 2(p - 1) is the most and the usual.
 *
 * <pre>
 *  rank 0  F0 F1 F2 F3 F4 B0 F5 B1 .  B2 .  B3 .  B4 .  B5
 *  rank 1  .  F0 F1 F2 B0 F3 B1 F4 B2 F5 B3 .  B4 .  B5 .
 *  rank 2  .  .  F0 B0 F1 B1 F2 B2 F3 B3 F4 B4 F5 B5 .  .
 * </pre>
 */
final class EagerOneForwardOneBackward implements Generator {
  @Override
  public String id() {
    return "eager-1f1b";
  }

  @Override
  public boolean hasWarmUp() {
    return true;
  }

  @Override
  public Schedule generate(int ranks, int virtualStages, int microBatches, OptionalInt warmUp) {
    int first = warmUp.orElse(2 * (ranks - 1));
    var rounds = new Rounds(ranks, 1, microBatches);
    return of(
        ranks,
        ranks,
        microBatches,
        rank -> {
          int most = 2 * (ranks - 1 - rank);
          int own = Math.max(0, Math.min(first - rank, most));
          return OneForwardOneBackward.alternate(
              rounds.forwards(rank), rounds.backwards(rank), own);
        });
  }
}
