package io.penstock.compute.cuda;

import io.penstock.compute.Matrices;
import io.penstock.compute.Products;
import io.penstock.compute.Weights;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Matrix products (GEMM) on a GPU. Weights are read as they lie: nothing is derived from them. For
 * one thread.
 */
final class CudaProducts implements Products {
  private final Multiplier multiplier;

  CudaProducts(Multiplier multiplier) {
    this.multiplier = multiplier;
  }

  @Override
  public void rows(
      INDArray input,
      Weights weights,
      String name,
      boolean transposed,
      INDArray bias,
      INDArray output) {
    Operand matrix = Operand.of(weights.get(name)).transposed(transposed);
    multiplier.multiply(
        MatrixProduct.of(Operand.of(input), matrix, Operand.of(output), 0).withBias(bias));
  }

  @Override
  public void weightGradient(INDArray input, INDArray outputGradient, INDArray sum) {
    multiply(input, true, outputGradient, false, sum, 1);
  }

  @Override
  public void multiply(
      INDArray a, boolean transposeA, INDArray b, boolean transposeB, INDArray c, double beta) {
    multiplier.multiply(
        MatrixProduct.of(
            Operand.of(a).transposed(transposeA),
            Operand.of(b).transposed(transposeB),
            Operand.of(c),
            beta));
  }

  @Override
  public void multiply(
      Matrices a, boolean transposeA, Matrices b, boolean transposeB, double factor, Matrices c) {
    multiplier.multiply(
        new MatrixProduct(
            Operand.of(a).transposed(transposeA),
            Operand.of(b).transposed(transposeB),
            Operand.of(c),
            factor,
            0,
            null,
            false,
            c.rows(),
            c.heads()));
  }
}
