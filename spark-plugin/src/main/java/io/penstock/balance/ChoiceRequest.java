package io.penstock.balance;

import java.util.Locale;
import java.util.OptionalInt;

/**
 * Request for the choice of a plan: ranks and mini-batch, and what of the plan is fixed beforehand.
 * Immutable.
 *
 * @param ranks executors in the pipeline, at least 1
 * @param batchSize rows of a mini-batch, at least 1
 * @param leastRows the fewest rows of a micro-batch, at least 1
 * @param microBatches the number of micro-batches; empty to choose it
 * @param virtualStages the number of stages on each rank; empty to choose it
 * @param warmUp the forwards that rank 0 starts with; empty to choose them. If given, only
 *     schedules are looked at whose warm-up can be set
 * @param recomputation activation checkpointing: which layers' forwards are done twice to save
 *     memory
 * @param offload whether what is kept for them goes to disk until then
 * @param weightGradientsLast whether ranks hold the gradient of one layer at a time, so that weight
 *     gradients come {@linkplain io.penstock.schedule.WeightGradientsLast last}
 */
public record ChoiceRequest(
    int ranks,
    int batchSize,
    int leastRows,
    OptionalInt microBatches,
    OptionalInt virtualStages,
    OptionalInt warmUp,
    RecomputePolicy recomputation,
    boolean offload,
    boolean weightGradientsLast) {

  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException if one is too small, or there are more micro-batches than rows
   */
  public ChoiceRequest {
    if (ranks < 1
        || batchSize < 1
        || leastRows < 1
        || microBatches.orElse(1) < 1
        || virtualStages.orElse(1) < 1
        || warmUp.orElse(0) < 0) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "%d ranks, batches of %d rows, micro-batches %s, stages a rank %s, warm-up %s: a"
                  + " warm-up is at least 0, all else at least 1",
              ranks,
              batchSize,
              microBatches,
              virtualStages,
              warmUp));
    }
    if (microBatches.orElse(1) > batchSize / leastRows) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "%d micro-batches of a batch of %d rows; each needs %d, so use %d or fewer",
              microBatches.orElse(1),
              batchSize,
              leastRows,
              batchSize / leastRows));
    }
  }

  /** A request that leaves all to be chosen. */
  public static ChoiceRequest of(int ranks, int batchSize) {
    OptionalInt open = OptionalInt.empty();
    return new ChoiceRequest(
        ranks, batchSize, 1, open, open, open, RecomputePolicy.NEVER, false, false);
  }

  /** Returns this request for another number of executors. */
  public ChoiceRequest withRanks(int count) {
    return new ChoiceRequest(
        count,
        batchSize,
        leastRows,
        microBatches,
        virtualStages,
        warmUp,
        recomputation,
        offload,
        weightGradientsLast);
  }

  /** Returns this request for one of so many equal shares of the mini-batch. */
  public ChoiceRequest share(int shares) {
    return new ChoiceRequest(
        ranks,
        Math.max(1, batchSize / shares),
        leastRows,
        microBatches.isPresent() ? OptionalInt.of(microBatches.getAsInt() / shares) : microBatches,
        virtualStages,
        warmUp,
        recomputation,
        offload,
        weightGradientsLast);
  }

  /** Returns this request with a least number of rows of a micro-batch. */
  public ChoiceRequest withLeastRows(int rows) {
    return new ChoiceRequest(
        ranks,
        batchSize,
        rows,
        microBatches,
        virtualStages,
        warmUp,
        recomputation,
        offload,
        weightGradientsLast);
  }

  /** Returns this request with the number of micro-batches given. */
  public ChoiceRequest withMicroBatches(int count) {
    return new ChoiceRequest(
        ranks,
        batchSize,
        leastRows,
        OptionalInt.of(count),
        virtualStages,
        warmUp,
        recomputation,
        offload,
        weightGradientsLast);
  }

  /** Returns this request with the number of stages on each rank given. */
  public ChoiceRequest withVirtualStages(int stages) {
    return new ChoiceRequest(
        ranks,
        batchSize,
        leastRows,
        microBatches,
        OptionalInt.of(stages),
        warmUp,
        recomputation,
        offload,
        weightGradientsLast);
  }

  /** Returns this request with the warm-up given. */
  public ChoiceRequest withWarmUp(int forwards) {
    return new ChoiceRequest(
        ranks,
        batchSize,
        leastRows,
        microBatches,
        virtualStages,
        OptionalInt.of(forwards),
        recomputation,
        offload,
        weightGradientsLast);
  }

  /** Returns this request with this activation checkpointing. */
  public ChoiceRequest withRecomputation(RecomputePolicy which) {
    return new ChoiceRequest(
        ranks,
        batchSize,
        leastRows,
        microBatches,
        virtualStages,
        warmUp,
        which,
        offload,
        weightGradientsLast);
  }

  /** Returns this request with what is kept for second forwards on disk, or in memory. */
  public ChoiceRequest withOffload(boolean toDisk) {
    return new ChoiceRequest(
        ranks,
        batchSize,
        leastRows,
        microBatches,
        virtualStages,
        warmUp,
        recomputation,
        toDisk,
        weightGradientsLast);
  }

  /**
   * Returns this request for ranks that hold the gradient of one layer at a time. Activations are
   * kept until the end then, so that nothing is done again that the choice would be free to.
   */
  public ChoiceRequest withWeightGradientsLast() {
    return new ChoiceRequest(
        ranks,
        batchSize,
        leastRows,
        microBatches,
        virtualStages,
        warmUp,
        recomputation == RecomputePolicy.AUTO ? RecomputePolicy.NEVER : recomputation,
        offload,
        true);
  }
}
