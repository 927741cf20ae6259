package io.penstock.schedule.generate;

import io.penstock.schedule.Schedule;
import java.util.OptionalInt;

/**
 * Zero bubble with two stages on each rank in the shape of a V: ZB-V of Qi et al. 2023 (arXiv
 * 2401.10241, section 6). Rank r of p holds stage r, on the way down, and stage 2p - 1 - r, on the
 * way up; so rank 0 has the loss and goes backward at once. From m = 2p - 1 on, if tF = tI = tW, it
 * takes m(tF + tB) + (p - 1)tF / 2: half the bubble of {@link ZeroBubbleH1} at the same memory, the
 * activations of 2p half-size stages on every rank. Fewer micro-batches are the first of 2p - 1.
 *
 * <pre>
 *  rank 0  0F0 0F1 0F2 3F0 3I0 3W0 3F1 3I1 3W1 0I0 0W0 3F2 3I2 3W2 0I1 0W1 0I2 0W2
 *  rank 1  .   1F0 2F0 1F1 2F1 2I0 2W0 1F2 1I0 1W0 2F2 2I1 2W1 1I1 2I2 1I2 1W1 2W2 1W2
 * </pre>
 */
final class ZeroBubbleV implements Generator {
  @Override
  public String id() {
    return "zb-v";
  }

  @Override
  public VirtualStages virtualStages() {
    return VirtualStages.exactly(2);
  }

  @Override
  public Schedule generate(int ranks, int virtualStages, int microBatches, OptionalInt warmUp) {
    int enough = Math.max(microBatches, 2 * ranks - 1);
    return of(ranks, 2 * ranks, enough, rank -> rank(rank, ranks, enough).actions())
        .first(microBatches);
  }

  private static RankScript rank(int rank, int ranks, int microBatches) {
    int after = ranks - 1 - rank;
    return new RankScript(rank, 2 * ranks - 1 - rank)
        .repeat(2 * after + 1, "F0")
        .repeat(rank, "F1 F0")
        .repeat(after + 1, "F1 I1 W1")
        .repeat(microBatches - 2 * ranks + 1 + rank, "F0 I0 W0 F1 I1 W1")
        .repeat(after, "I0 W0 F1 I1 W1")
        .repeat(rank, "I0 I1")
        .repeat(after + 1, "I0 W0")
        .repeat(rank, "W1")
        .repeat(rank, "W0");
  }
}
