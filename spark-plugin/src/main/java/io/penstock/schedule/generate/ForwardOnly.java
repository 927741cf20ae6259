package io.penstock.schedule.generate;

import io.penstock.schedule.Schedule;
import java.util.OptionalInt;

/**
 * Forwards only, for inference. With several stages a rank, they come in the order of {@link
 * Interleaved}, so that few activations wait between ranks. Nothing is kept for a backward.
 *
 * <pre>
 *  rank 0  F0 F1 F2 F3
 *  rank 1  .  F0 F1 F2 F3
 *  rank 2  .  .  F0 F1 F2 F3
 * </pre>
 */
final class ForwardOnly implements Generator {
  @Override
  public String id() {
    return "forward";
  }

  @Override
  public VirtualStages virtualStages() {
    return VirtualStages.any(1);
  }

  @Override
  public boolean hasBackwards() {
    return false;
  }

  @Override
  public Schedule generate(int ranks, int virtualStages, int microBatches, OptionalInt warmUp) {
    var rounds = new Rounds(ranks, virtualStages, microBatches);
    return of(ranks, ranks * virtualStages, microBatches, rounds::forwards);
  }
}
