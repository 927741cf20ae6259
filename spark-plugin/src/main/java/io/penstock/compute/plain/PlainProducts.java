package io.penstock.compute.plain;

import io.penstock.compute.Matrices;
import io.penstock.compute.Products;
import io.penstock.compute.Vectors;
import io.penstock.compute.Weights;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Matrix products (GEMM) by ND4J's BLAS. For one thread. */
final class PlainProducts implements Products {
  @Override
  public void rows(
      INDArray input,
      Weights weights,
      String name,
      boolean transposed,
      INDArray bias,
      INDArray output) {
    INDArray rows = Vectors.matrix(output);
    multiply(Vectors.matrix(input), false, weights.get(name), transposed, rows, 0);
    if (bias != null) {
      rows.addiRowVector(bias);
    }
  }

  @Override
  public void weightGradient(INDArray input, INDArray outputGradient, INDArray sum) {
    multiply(Vectors.matrix(input), true, Vectors.matrix(outputGradient), false, sum, 1);
  }

  @Override
  public void multiply(
      INDArray a, boolean transposeA, INDArray b, boolean transposeB, INDArray c, double beta) {
    Nd4j.gemm(a, b, c, transposeA, transposeB, 1, beta);
  }

  @Override
  public void multiply(
      Matrices a, boolean transposeA, Matrices b, boolean transposeB, double factor, Matrices c) {
    for (long row = 0; row < c.rows(); row++) {
      for (long head = 0; head < c.heads(); head++) {
        INDArray left = matrix(a, row, head).dup('f');
        INDArray right = matrix(b, row, head).dup('f');
        matrix(c, row, head).assign(Nd4j.gemm(left, right, transposeA, transposeB).muli(factor));
      }
    }
  }

  private static INDArray matrix(Matrices all, long row, long head) {
    return Nd4j.create(
        all.array().data(),
        new long[] {all.height(), all.width()},
        new long[] {all.leading(), 1},
        all.array().offset() + all.place(row, head),
        'c');
  }
}
