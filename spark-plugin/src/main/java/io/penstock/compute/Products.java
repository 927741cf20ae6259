package io.penstock.compute;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Matrix products (GEMM). Of an array of more than two dimensions the {@link Vectors} are the rows:
 * layers take all positions of all sequences as one matrix. For one thread.
 */
public interface Products {
  /**
   * Multiplies rows by a matrix of a layer's weights: {@code output = input · W + bias}, or with
   * {@code Wᵀ}.
   *
   * @param input {@code [..., n]}
   * @param weights the layer's
   * @param name of the matrix {@code [inputs, outputs]}
   * @param transposed whether rows of {@code outputs} numbers come in and rows of {@code inputs} go
   *     out, as in a backward pass
   * @param bias added to every row, {@code [outputs]}; null for none
   * @param output {@code [..., m]}; overwritten
   */
  void rows(
      INDArray input,
      Weights weights,
      String name,
      boolean transposed,
      INDArray bias,
      INDArray output);

  /**
   * Adds the gradient of a matrix of weights: {@code sum += inputᵀ · outputGradient}.
   *
   * @param input {@code [..., inputs]}
   * @param outputGradient {@code [..., outputs]}
   * @param sum {@code [inputs, outputs]}, in 'f' order
   */
  void weightGradient(INDArray input, INDArray outputGradient, INDArray sum);

  /**
   * Multiplies two matrices: {@code c = a · b + beta · c}, with {@code a} or {@code b} transposed
   * first if so said.
   *
   * @param a a matrix in 'c' or 'f' order, as {@code b} and {@code c} are
   */
  void multiply(
      INDArray a, boolean transposeA, INDArray b, boolean transposeB, INDArray c, double beta);

  /**
   * Multiplies two batches of matrices, one by one: {@code c = factor · a · b}, with {@code a} or
   * {@code b} transposed first if so said.
   */
  void multiply(
      Matrices a, boolean transposeA, Matrices b, boolean transposeB, double factor, Matrices c);
}
