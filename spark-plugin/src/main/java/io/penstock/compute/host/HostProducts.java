package io.penstock.compute.host;

import static org.bytedeco.openblas.global.openblas_nolapack.CblasNoTrans;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasRowMajor;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasTrans;
import static org.bytedeco.openblas.global.openblas_nolapack.cblas_sgemm;

import io.penstock.compute.Kernels;
import io.penstock.compute.Matrices;
import io.penstock.compute.Products;
import io.penstock.compute.Rows;
import io.penstock.compute.Weights;
import io.penstock.compute.host.onednn.GradientProduct;
import io.penstock.compute.host.onednn.PackedProduct;
import io.penstock.compute.host.onednn.PackedWeights;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Matrix products by oneDNN and OpenBLAS. Where oneDNN's kernel suits the shape, a matrix of
 * weights is packed once for all micro-batches between two updates. Kernels of different numbers of
 * rows, a short last micro-batch's for instance, may read different orders; each order is packed
 * when it is first asked for. A weight gradient is added by whichever of the two has the quicker
 * kernel for the shape.
 */
final class HostProducts implements Products {
  private record Key(String name, boolean transposed, List<Long> order) {}

  private record Packed(PackedWeights matrix, INDArray weights) implements Weights.Derived {
    @Override
    public void refresh() {
      matrix.pack(weights);
    }

    @Override
    public void free() {
      matrix.free();
    }
  }

  private final Kernels kernels;
  private final Rows rows;

  HostProducts(Kernels kernels, Rows rows) {
    this.kernels = kernels;
    this.rows = rows;
  }

  @Override
  public void rows(
      INDArray input,
      Weights weights,
      String name,
      boolean transposed,
      INDArray bias,
      INDArray output) {
    INDArray matrix = weights.get(name);
    if (PackedProduct.suits(input.size(0), input.size(1), output.size(1))) {
      PackedProduct kernel =
          kernels.get(
              new PackedProduct.Size(input.size(0), input.size(1), output.size(1), bias != null),
              PackedProduct::new);
      if (!kernel.isReference()) {
        kernel.run(input, packed(kernel, weights, name, transposed), bias, output);
        return;
      }
    }
    multiply(input, false, matrix, transposed, output, 0);
    if (bias != null) {
      rows.addToEach(output, bias);
    }
  }

  private static PackedWeights packed(
      PackedProduct kernel, Weights weights, String name, boolean transposed) {
    return weights
        .derived(
            new Key(name, transposed, kernel.weightsOrder()),
            (own, key) -> new Packed(kernel.weights(transposed), own.get(name)))
        .matrix();
  }

  @Override
  public void weightGradient(INDArray input, INDArray outputGradient, INDArray sum) {
    long rows = input.size(0);
    if (GradientProduct.suits(rows, input.size(1), outputGradient.size(1))) {
      GradientProduct kernel =
          kernels.get(
              new GradientProduct.Size(rows, input.size(1), outputGradient.size(1)),
              GradientProduct::new);
      if (kernel.isQuick()) {
        kernel.add(input, outputGradient, sum);
        return;
      }
    }
    multiply(input, true, outputGradient, false, sum, 1);
  }

  @Override
  public void multiply(
      INDArray a, boolean transposeA, INDArray b, boolean transposeB, INDArray c, double beta) {
    Blas.gemm(a, transposeA, b, transposeB, c, beta);
  }

  @Override
  public void multiply(
      Matrices a, boolean transposeA, Matrices b, boolean transposeB, double factor, Matrices c) {
    for (long row = 0; row < c.rows(); row++) {
      for (long head = 0; head < c.heads(); head++) {
        cblas_sgemm(
            CblasRowMajor,
            transposeA ? CblasTrans : CblasNoTrans,
            transposeB ? CblasTrans : CblasNoTrans,
            (int) c.height(),
            (int) c.width(),
            (int) (transposeA ? a.height() : a.width()),
            (float) factor,
            Blas.pointer(a.array(), a.place(row, head)),
            (int) a.leading(),
            Blas.pointer(b.array(), b.place(row, head)),
            (int) b.leading(),
            0,
            Blas.pointer(c.array(), c.place(row, head)),
            (int) c.leading());
      }
    }
  }
}
