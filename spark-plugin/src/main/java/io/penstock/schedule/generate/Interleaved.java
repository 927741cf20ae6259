package io.penstock.schedule.generate;

import io.penstock.schedule.Schedule;
import java.util.OptionalInt;

/**
 * 1F1B with several stages on each rank, interleaved: Narayanan et al. 2021 (arXiv 2104.04473,
 * section 2.2). With v stages a rank, stage s on rank s mod p, the pipeline fills v times as fast:
 * m(tF + tB) + (p - 1)(tF + tB) / v where p divides m. It costs v times the traffic, and the
 * activations of min(mv, (v - 1)p + 2(p - 1 - r) + 1) stages on rank r, each 1 / v in size. Takes
 * any number of micro-batches ({@link Rounds}). With one stage a rank, it is {@link
 * EagerOneForwardOneBackward}.
 *
 * <pre>
 *  rank 0  0F0 0F1 2F0 2F1 .   2B0 .   2B1 0B0 0B1
 *  rank 1  .   1F0 1F1 3F0 3B0 3F1 3B1 1B0 1B1
 * </pre>
 */
final class Interleaved implements Generator {
  @Override
  public String id() {
    return "interleaved";
  }

  @Override
  public VirtualStages virtualStages() {
    return VirtualStages.any(2);
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
            OneForwardOneBackward.alternate(
                rounds.forwards(rank), rounds.backwards(rank), first + 2 * (ranks - 1 - rank)));
  }
}
