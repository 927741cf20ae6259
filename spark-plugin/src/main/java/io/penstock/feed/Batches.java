package io.penstock.feed;

import io.penstock.Internal;
import io.penstock.nn.SampleWeights;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Micro-batches of features, as the rank of the first stage reads them, or of labels, as that of
 * the last does. Not thread-safe: for the rank's thread.
 */
@Internal
public interface Batches {
  /** Turns to an epoch, counted from 0: the order of the rows is drawn anew. */
  void startEpoch(int epoch);

  /**
   * Reads one micro-batch.
   *
   * @param step step of the epoch, counted from 0
   * @param microBatch counted from 0
   * @return {@code [rows, width]}, a new array, which the rank frees when it is done
   */
  INDArray microBatch(int step, int microBatch);

  /**
   * Returns whether rows have sample weights: see {@link #weights}. Only labels may be weighted.
   */
  default boolean weighted() {
    return false;
  }

  /**
   * Reads the sample weights of a micro-batch.
   *
   * @param step step of the epoch, counted from 0
   * @param microBatch counted from 0
   */
  default SampleWeights weights(int step, int microBatch) {
    return SampleWeights.ONE;
  }
}
