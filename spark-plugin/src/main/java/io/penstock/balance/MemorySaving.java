package io.penstock.balance;

/**
 * Savings of memory that plans are chosen with. Immutable.
 *
 * @param recomputation activation checkpointing: which layers' forwards are done twice
 * @param offload whether what is kept for them goes to disk until then
 * @param weightGradientsLast whether ranks hold the gradient of one layer at a time, so that weight
 *     gradients come {@linkplain io.penstock.schedule.WeightGradientsLast last}
 */
public record MemorySaving(
    RecomputePolicy recomputation, boolean offload, boolean weightGradientsLast) {
  /** No saving: all is kept in memory. */
  public static final MemorySaving NONE = new MemorySaving(RecomputePolicy.NEVER, false, false);

  MemorySaving withRecomputation(RecomputePolicy which) {
    return new MemorySaving(which, offload, weightGradientsLast);
  }

  MemorySaving withOffload(boolean toDisk) {
    return new MemorySaving(recomputation, toDisk, weightGradientsLast);
  }

  /** Activations are kept until the end then, so that a choice of what is done again helps none. */
  MemorySaving withWeightGradientsLast() {
    boolean chosen = recomputation == RecomputePolicy.AUTO;
    return new MemorySaving(chosen ? RecomputePolicy.NEVER : recomputation, offload, true);
  }
}
