package io.penstock.schedule.generate;

import io.penstock.schedule.Schedule;
import java.util.OptionalInt;

/**
 * The least memory of the schedules in the shape of a V: V-Min of Qi et al. 2024 (arXiv
 * 2405.15362). Stages lie as in {@link ZeroBubbleV}, but a micro-batch goes through all of them and
 * back without a pause, and the next one starts only when a rank has time for all six of its
 * actions. So every rank keeps about 2p / 3 half-size stages' activations, at most 2(⌊(p + 1) / 3⌋
 * + 1): a third of what rank 0 of {@link OneForwardOneBackward} keeps. The bubble is two thirds as
 * long as that one's.
 *
 * <pre>
 *  rank 0  0F0 .   .   3F0 3I0 0F1 3W0 0I0 0W0 3F1 3I1 3W1 .   0I1 0W1
 *  rank 1  .   1F0 2F0 .   .   2I0 1I0 1F1 2F1 2W0 1W0 2I1 1I1 2W1 1W1
 * </pre>
 */
final class VMin implements Generator {
  @Override
  public String id() {
    return "v-min";
  }

  @Override
  public VirtualStages virtualStages() {
    return VirtualStages.exactly(2);
  }

  @Override
  public Schedule generate(int ranks, int virtualStages, int microBatches, OptionalInt warmUp) {
    var block = new BuildingBlock(ranks, 1, ranks % 3 == 0 ? 2 : 0, 0);
    return block.repeated(id(), microBatches, 2 * ((ranks + 1) / 3 + 1));
  }
}
