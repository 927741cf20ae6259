package io.penstock.train;

import io.penstock.array.HostNumbers;
import io.penstock.array.NativeArrays;
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
    INDArray own = placed(output);
    try {
      return loss.score(own, labels, weights, pool.compute(own));
    } finally {
      release(own, output);
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
    INDArray own = placed(output);
    if (own == output) {
      return loss.gradient(output, labels, weights, scale, gradient, pool.compute(output));
    }
    try (HostNumbers host = HostNumbers.into(gradient)) {
      return loss.gradient(own, labels, weights, scale, host.host(), pool.compute(own));
    } finally {
      release(own, output);
    }
  }

  private INDArray placed(INDArray output) {
    return loss.computesAnywhere() ? output : NativeArrays.onHost(output);
  }

  private static void release(INDArray own, INDArray output) {
    if (own != output) {
      NativeArrays.release(own);
    }
  }
}
