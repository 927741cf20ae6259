package io.penstock.nn.layer;

import io.penstock.compute.Memory;
import io.penstock.compute.host.Blas;
import io.penstock.nn.Parameters;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The gradient of a {@link WeightProduct}'s matrix and bias.
 *
 * @param gradients the layer's
 * @param weights the name of the matrix, {@code [inputs, outputs]}
 * @param bias the name of the bias, {@code [outputs]}; null if there is none
 */
record WeightSum(Parameters gradients, String weights, String bias) {
  /**
   * Adds what these rows give.
   *
   * @param input {@code [rows, inputs]}, densely in 'c' order
   * @param outputGradient {@code [rows, outputs]}, densely in 'c' order
   */
  void add(INDArray input, INDArray outputGradient, Memory memory) {
    Blas.gemm(input, true, outputGradient, false, gradients.get(weights), 1);
    if (bias != null) {
      INDArray ones = memory.ones(outputGradient.dataType(), outputGradient.size(0));
      Blas.addRows(gradients.get(bias), outputGradient, ones);
    }
  }
}
