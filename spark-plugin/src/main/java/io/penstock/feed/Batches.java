package io.penstock.feed;

import io.penstock.Internal;
import io.penstock.nn.SampleWeights;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The rows of the mini-batches, as the first rank (features) or the last (labels) sees them. */
@Internal
public interface Batches {
  /** Turns to an epoch, counted from 0: the order of the rows is drawn anew. */
  void startEpoch(int epoch);

  /**
   * One micro-batch.
   *
   * @param step step of the epoch, counted from 0
   * @param microBatch counted from 0
   * @return {@code [rows, width]}, a new array, which the rank frees when it is done
   */
  INDArray microBatch(int step, int microBatch);

  /** Whether rows count differently, as {@link #weights} says. Only labels may be weighted. */
  default boolean weighted() {
    return false;
  }

  /**
   * How much the rows of a micro-batch count.
   *
   * @param step step of the epoch, counted from 0
   * @param microBatch counted from 0
   */
  default SampleWeights weights(int step, int microBatch) {
    return SampleWeights.ONE;
  }
}
