package io.penstock.train;

import io.penstock.nn.SampleWeights;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Consumer of the outputs that nothing is learnt from: those of validation and of forward-only
 * runs. For the rank's thread.
 */
interface OutputConsumer {
  /** Begins a mini-batch. */
  default void startStep(int microBatches) {}

  /**
   * Takes the outputs of a micro-batch with its labels; both are the caller's and may change after.
   * Micro-batches may come in any order.
   *
   * @param weights sample weights of the rows
   */
  void take(int microBatch, INDArray output, INDArray labels, SampleWeights weights);

  /** Ends a mini-batch, all of whose micro-batches have come. */
  default void endStep() {}
}
