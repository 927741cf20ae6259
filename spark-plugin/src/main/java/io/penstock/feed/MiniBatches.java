package io.penstock.feed;

import io.penstock.Amount;
import io.penstock.nn.network.Sequential;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.IntStream;

/**
 * Division of an epoch's rows into mini-batches, one a step, and of these into micro-batches, whose
 * sizes differ by at most one row, larger first. The last mini-batch may be short, and has then
 * fewer micro-batches rather than too small ones; rows that are too few even for one micro-batch
 * join the mini-batch before. Immutable.
 *
 * @param rows of the epoch
 * @param batchSize rows of a mini-batch
 * @param microBatches of a mini-batch, or as many as its rows make where those are fewer
 * @param leastRows the fewest rows of a micro-batch
 */
public record MiniBatches(long rows, int batchSize, int microBatches, int leastRows) {

  /**
   * Checks the four.
   *
   * @throws IllegalArgumentException if one is too small, or the rows, or those of a mini-batch, do
   *     not make one micro-batch
   */
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
    if (leastRows < 1) {
      throw new IllegalArgumentException("leastRows is " + leastRows + "; it must be at least 1.");
    }
    if (batchSize < leastRows || (rows > 0 && rows < leastRows)) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "%s, but this network compares rows (batch normalisation) and learns nothing from"
                  + " fewer than %d at a time. Give more, or take layerNorm in place of batchNorm.",
              batchSize < leastRows
                  ? "batchSize is " + batchSize
                  : (rows == 1 ? "There is " : "There are ")
                      + new Amount(rows, "row")
                      + " to train on",
              leastRows));
    }
  }

  /**
   * Returns the fewest rows of a micro-batch from which every layer learns: 2 with a batch
   * normalisation of one number a channel and row, else 1.
   */
  public static int leastRows(Sequential network) {
    return IntStream.range(0, network.layers().size())
        .map(layer -> network.layers().get(layer).leastRows(network.shape(layer)))
        .max()
        .orElseThrow();
  }

  /**
   * Returns the rows of the largest micro-batch that there can be, however many rows an epoch has:
   * of a mini-batch that rows have joined, or of one that makes a single micro-batch.
   */
  public static int mostRows(Sequential network, int batchSize, int microBatches) {
    return mostRows(leastRows(network), batchSize, microBatches);
  }

  static int mostRows(int least, int batchSize, int microBatches) {
    int longest = batchSize + least - 1;
    int count = Math.max(1, Math.min(microBatches, longest / least));
    return Math.max(1 + (longest - 1) / count, Math.min(longest, 2 * least - 1));
  }

  /** A division into micro-batches of any size. */
  public MiniBatches(long rows, int batchSize, int microBatches) {
    this(rows, batchSize, microBatches, 1);
  }

  /**
   * Returns how many steps an epoch has.
   *
   * @throws ArithmeticException for more than an int holds
   */
  public int steps() {
    return Math.toIntExact(rows / batchSize + (rows % batchSize < leastRows ? 0 : 1));
  }

  /** Returns how many rows a step has; steps count from 0. */
  public int rowsOf(int step) {
    Objects.checkIndex(step, steps());
    long left = rows - (long) step * batchSize;
    return step == steps() - 1 ? Math.toIntExact(left) : batchSize;
  }

  /** Returns how many micro-batches a step has. */
  public int microBatchesOf(int step) {
    return Math.min(microBatches, rowsOf(step) / leastRows);
  }

  /** Returns one of a step's micro-batches, from 0. */
  public MicroBatchRange microBatch(int step, int index) {
    int count = microBatchesOf(step);
    Objects.checkIndex(index, count);
    int size = rowsOf(step) / count;
    int larger = rowsOf(step) % count;
    long start = (long) step * batchSize + (long) index * size + Math.min(index, larger);
    return new MicroBatchRange(start, index < larger ? size + 1 : size);
  }
}
