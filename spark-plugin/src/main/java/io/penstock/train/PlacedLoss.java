package io.penstock.train;

import io.penstock.array.HostCopy;
import io.penstock.array.HostNumbers;
import io.penstock.compute.Workspace;
import io.penstock.nn.Loss;
import io.penstock.nn.SampleWeights;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Loss of outputs wherever they lie: one that does not {@linkplain Loss#computesAnywhere compute
 * anywhere} is given copies in the host's memory. Labels lie there in any case. For the rank's
 * thread.
 *
 * @param pool what this thread computes with
 */
record PlacedLoss(Loss loss, Workspace pool) {
  /** Computes the loss, as {@link Loss#score(INDArray, INDArray, SampleWeights)} says. */
  double score(INDArray output, INDArray labels, SampleWeights weights) {
    if (loss.computesAnywhere()) {
      return loss.score(output, labels, weights, pool.compute(output));
    }
    try (HostCopy own = HostCopy.of(output)) {
      return loss.score(own.host(), labels, weights, pool.compute(own.host()));
    }
  }

  /**
   * Computes the loss and the gradient of the outputs.
   *
   * @param scale of the gradient
   * @param gradient overwritten; lies where the outputs do
   */
  double gradient(
      INDArray output, INDArray labels, SampleWeights weights, double scale, INDArray gradient) {
    if (loss.computesAnywhere()) {
      return loss.gradient(output, labels, weights, scale, gradient, pool.compute(output));
    }
    try (HostCopy own = HostCopy.of(output);
        HostNumbers written = HostNumbers.into(gradient)) {
      return loss.gradient(
          own.host(), labels, weights, scale, written.host(), pool.compute(own.host()));
    }
  }
}
