package io.penstock.schedule.generate;

import io.penstock.schedule.Schedule;
import java.util.OptionalInt;

/**
 * Half of 1F1B's memory at half of its bubble: V-Half of Qi et al. 2024 (arXiv 2405.15362). As
 * {@link VMin}, but on its way to the last rank a micro-batch takes two actions' time a rank, so
 * that it can be passed by others. Every rank keeps the activations of at most 2⌊p / 2⌋ + 2
 * half-size stages.
 *
 * <pre>
 *  rank 0  0F0 .   .   3F0 0F1 3I0 3W0 3F1 .   0I0 3I1 0W0 3W1 0I1 0W1
 *  rank 1  .   1F0 2F0 .   .   1F1 2F1 2I0 1I0 2W0 1W0 2I1 1I1 2W1 1W1
 * </pre>
 */
final class VHalf implements Generator {
  @Override
  public String id() {
    return "v-half";
  }

  @Override
  public VirtualStages virtualStages() {
    return VirtualStages.exactly(2);
  }

  @Override
  public Schedule generate(int ranks, int virtualStages, int microBatches, OptionalInt warmUp) {
    var block = new BuildingBlock(ranks, 2, ranks % 2 == 0 ? 3 : 0, 1);
    return block.repeated(id(), microBatches, 2 * (ranks / 2 + 1));
  }
}
