package io.penstock.train;

import io.penstock.nn.SampleWeights;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Who gets the outputs that nothing is learnt from. For the rank's thread. */
interface OutputConsumer {
  /** A mini-batch begins. */
  default void startStep(int microBatches) {}

  /**
   * The outputs of a micro-batch with its labels; both are somebody else's and may change after.
   * Micro-batches may come in any order.
   *
   * @param weights of the rows
   */
  void take(int microBatch, INDArray output, INDArray labels, SampleWeights weights);

  /** All micro-batches of the mini-batch have come. */
  default void endStep() {}
}
