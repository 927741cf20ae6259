package io.penstock.feed;

import java.util.Objects;

/**
 * How an epoch's rows are cut: into mini-batches, one a step, and these into micro-batches, whose
 * sizes differ by at most one row, larger first. The last mini-batch may be short.
 *
 * @param rows of the epoch
 * @param batchSize rows of a mini-batch
 * @param microBatches of a mini-batch, or its number of rows where that is less
 */
public record MiniBatches(long rows, int batchSize, int microBatches) {

  /** Checks the three. */
  public MiniBatches {
    if (rows < 0) {
      throw new IllegalArgumentException("rows is " + rows + "; it cannot be negative.");
    }
    if (batchSize < 1) {
      throw new IllegalArgumentException("batchSize is " + batchSize + "; it must be at least 1.");
    }
    if (microBatches < 1) {
      throw new IllegalArgumentException(
          "microBatches is " + microBatches + "; it must be at least 1.");
    }
  }

  /**
   * How many steps an epoch has.
   *
   * @throws ArithmeticException for more than an int holds
   */
  public int steps() {
    return Math.toIntExact(rows / batchSize + (rows % batchSize == 0 ? 0 : 1));
  }

  /** How many rows a step has; steps count from 0. */
  public int rowsOf(int step) {
    Objects.checkIndex(step, steps());
    return (int) Math.min(batchSize, rows - (long) step * batchSize);
  }

  /** How many micro-batches a step has. */
  public int microBatchesOf(int step) {
    return Math.min(microBatches, rowsOf(step));
  }

  /** One of a step's micro-batches, from 0. */
  public MicroBatchRange microBatch(int step, int index) {
    int count = microBatchesOf(step);
    Objects.checkIndex(index, count);
    int size = rowsOf(step) / count;
    int larger = rowsOf(step) % count;
    long start = (long) step * batchSize + (long) index * size + Math.min(index, larger);
    return new MicroBatchRange(start, index < larger ? size + 1 : size);
  }
}
