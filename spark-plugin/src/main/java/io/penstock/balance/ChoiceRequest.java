package io.penstock.balance;

import io.penstock.Amount;
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
 * @param saving of memory
 */
public record ChoiceRequest(
    int ranks,
    int batchSize,
    int leastRows,
    OptionalInt microBatches,
    OptionalInt virtualStages,
    OptionalInt warmUp,
    MemorySaving saving) {

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
          words(ranks, batchSize, microBatches, virtualStages, warmUp)
              + ", at least "
              + new Amount(leastRows, "row")
              + " in a micro-batch: a warm-up is at least 0, all else at least 1");
    }
    if (microBatches.orElse(1) > batchSize / leastRows) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "%s of a batch of %s; each needs %d, so use %d or fewer",
              new Amount(microBatches.orElse(1), "micro-batch"),
              new Amount(batchSize, "row"),
              leastRows,
              batchSize / leastRows));
    }
  }

  /** A request that leaves all to be chosen, and saves no memory. */
  public static ChoiceRequest of(int ranks, int batchSize) {
    OptionalInt open = OptionalInt.empty();
    return new ChoiceRequest(ranks, batchSize, 1, open, open, open, MemorySaving.NONE);
  }

  /** Returns this request for another number of executors. */
  public ChoiceRequest withRanks(int count) {
    return new ChoiceRequest(
        count, batchSize, leastRows, microBatches, virtualStages, warmUp, saving);
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
        saving);
  }

  /** Returns this request with a least number of rows of a micro-batch. */
  public ChoiceRequest withLeastRows(int rows) {
    return new ChoiceRequest(ranks, batchSize, rows, microBatches, virtualStages, warmUp, saving);
  }

  /** Returns this request with the number of micro-batches given. */
  public ChoiceRequest withMicroBatches(int count) {
    return new ChoiceRequest(
        ranks, batchSize, leastRows, OptionalInt.of(count), virtualStages, warmUp, saving);
  }

  /** Returns this request with the number of stages on each rank given. */
  public ChoiceRequest withVirtualStages(int stages) {
    return new ChoiceRequest(
        ranks, batchSize, leastRows, microBatches, OptionalInt.of(stages), warmUp, saving);
  }

  /** Returns this request with the warm-up given. */
  public ChoiceRequest withWarmUp(int forwards) {
    return new ChoiceRequest(
        ranks, batchSize, leastRows, microBatches, virtualStages, OptionalInt.of(forwards), saving);
  }

  /** Returns this request with this activation checkpointing. */
  public ChoiceRequest withRecomputation(RecomputePolicy which) {
    return withSaving(saving.withRecomputation(which));
  }

  /** Returns this request with what is kept for second forwards on disk, or in memory. */
  public ChoiceRequest withOffload(boolean toDisk) {
    return withSaving(saving.withOffload(toDisk));
  }

  /**
   * Returns this request for ranks that hold the gradient of one layer at a time. Activations are
   * kept until the end then, so that nothing is done again that the choice would be free to.
   */
  public ChoiceRequest withWeightGradientsLast() {
    return withSaving(saving.withWeightGradientsLast());
  }

  private ChoiceRequest withSaving(MemorySaving other) {
    return new ChoiceRequest(
        ranks, batchSize, leastRows, microBatches, virtualStages, warmUp, other);
  }

  private static String words(
      int ranks,
      int batchSize,
      OptionalInt microBatches,
      OptionalInt virtualStages,
      OptionalInt warmUp) {
    StringBuilder words = new StringBuilder();
    words.append(new Amount(ranks, "rank"));
    words.append(", mini-batches of ").append(new Amount(batchSize, "row"));
    microBatches.ifPresent(count -> words.append(", ").append(new Amount(count, "micro-batch")));
    virtualStages.ifPresent(
        count -> words.append(", ").append(new Amount(count, "stage")).append(" a rank"));
    warmUp.ifPresent(count -> words.append(", a warm-up of ").append(new Amount(count, "forward")));
    return words.toString();
  }

  /** Returns what the choice is for and what is fixed of it, in words. */
  @Override
  public String toString() {
    return words(ranks, batchSize, microBatches, virtualStages, warmUp)
        + (saving.recomputation() == RecomputePolicy.NEVER
            ? ""
            : ", recompute " + saving.recomputation().id())
        + (saving.offload() ? ", offload" : "");
  }
}
