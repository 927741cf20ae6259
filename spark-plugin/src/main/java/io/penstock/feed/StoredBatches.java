package io.penstock.feed;

import io.penstock.array.Allocator;
import io.penstock.nn.SampleWeights;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Micro-batches of the rows that one rank has taken in, in an order that follows from seed and
 * epoch. For the rank's thread.
 */
final class StoredBatches implements Batches {
  private final RowStore rows;
  private final MiniBatches miniBatches;
  private final RowOrder order;
  private final boolean weighted;
  private final Allocator memory;
  private BatchReader reader;

  /**
   * Micro-batches of a store's rows.
   *
   * @param rows in canonical order
   * @param order of every epoch
   * @param weighted whether a row ends with its sample weight
   * @param memory of the arrays that are read into
   */
  StoredBatches(
      RowStore rows, MiniBatches miniBatches, RowOrder order, boolean weighted, Allocator memory) {
    this.rows = rows;
    this.miniBatches = miniBatches;
    this.order = order;
    this.weighted = weighted;
    this.memory = memory;
  }

  @Override
  public void startEpoch(int epoch) {
    reader = new BatchReader(rows, order.of(rows.rows(), epoch), miniBatches, weighted, memory);
  }

  @Override
  public INDArray microBatch(int step, int microBatch) {
    return reader.read(step, microBatch);
  }

  @Override
  public boolean weighted() {
    return weighted;
  }

  @Override
  public SampleWeights weights(int step, int microBatch) {
    return reader.weights(step, microBatch);
  }
}
