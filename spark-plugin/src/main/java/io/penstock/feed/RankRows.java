package io.penstock.feed;

import io.penstock.Internal;
import io.penstock.array.Allocator;
import io.penstock.nn.Loss;
import io.penstock.nn.network.Sequential;
import java.util.function.Consumer;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Rows of a data set as one rank sees them, cut into mini-batches. For the rank's thread.
 *
 * @param features the rows' features; only the rank with the first stage has them, else null
 * @param labels the rows' labels; only the rank with the last stage has them, and one with a stage
 *     that asks for them, else null
 * @param miniBatches how many steps an epoch has and how their rows are divided
 */
@Internal
public record RankRows(Batches features, Batches labels, MiniBatches miniBatches) {
  /**
   * Returns the rows that a rank has taken in.
   *
   * @param stores what the rank keeps
   * @param features whether it is the rank of the first stage, which reads features
   * @param labels whether it is a rank that reads labels
   * @param miniBatches how the rows of all ranks are cut
   * @param order of the rows in every epoch
   * @param memory of the arrays that are read into
   */
  public static RankRows of(
      Stores stores,
      boolean features,
      boolean labels,
      MiniBatches miniBatches,
      RowOrder order,
      Allocator memory) {
    return new RankRows(
        features ? new StoredBatches(stores.features(), miniBatches, order, false, memory) : null,
        labels
            ? new StoredBatches(stores.labels(), miniBatches, order, stores.weighted(), memory)
            : null,
        miniBatches);
  }

  /**
   * Returns whether any label counts by the network's loss: one that is no padding, of a class and
   * in a row of a weight above 0. Reads labels until there is one, so turn to an epoch after.
   *
   * @param release takes the labels' arrays back
   * @return true on a rank that has no labels
   */
  public boolean anyCounts(Sequential network, Consumer<INDArray> release) {
    Loss loss = network.loss();
    if (labels == null || (loss.countsEveryRowOnce(network.output()) && !labels.weighted())) {
      return true;
    }
    labels.startEpoch(0);
    for (int step = 0; step < miniBatches.steps(); step++) {
      for (int microBatch = 0; microBatch < miniBatches.microBatchesOf(step); microBatch++) {
        INDArray some = labels.microBatch(step, microBatch);
        double weight = loss.weight(some, labels.weights(step, microBatch));
        release.accept(some);
        if (weight > 0) {
          return true;
        }
      }
    }
    return false;
  }

  /** Turns to an epoch. */
  public void startEpoch(int epoch) {
    if (features != null) {
      features.startEpoch(epoch);
    }
    if (labels != null) {
      labels.startEpoch(epoch);
    }
  }
}
