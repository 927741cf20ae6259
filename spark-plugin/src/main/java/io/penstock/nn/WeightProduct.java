package io.penstock.nn;

import io.penstock.nn.onednn.OneDnn;
import io.penstock.nn.onednn.PackedProduct;
import io.penstock.nn.onednn.PackedWeights;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Rows times a matrix of a layer's weights, or times its transpose. Where oneDNN has a kernel for
 * the shape, the matrix is packed once for all micro-batches between two updates. Kernels of
 * different numbers of rows, a short last micro-batch's for instance, may read different orders;
 * each order is packed when it is first asked for.
 *
 * @param parameters the layer's
 * @param name of the matrix, {@code [inputs, outputs]} in 'f' order
 * @param transposed whether rows of {@code outputs} numbers come in and rows of {@code inputs} go
 *     out, as in a backward pass
 */
record WeightProduct(Parameters parameters, String name, boolean transposed) {
  private record Key(String name, boolean transposed, List<Long> order) {}

  private record Packed(PackedWeights matrix, INDArray weights) implements Parameters.Derived {
    @Override
    public void refresh() {
      matrix.pack(weights);
    }

    @Override
    public void free() {
      matrix.free();
    }
  }

  /**
   * @param input rows, densely in 'c' order
   * @param bias added to every row; null for none
   * @param output rows, densely in 'c' order; overwritten
   */
  void run(INDArray input, INDArray bias, INDArray output, Memory memory) {
    INDArray weights = parameters.get(name);
    if (OneDnn.takes(input) && PackedProduct.suits(input.size(0), input.size(1), output.size(1))) {
      PackedProduct kernel =
          memory
              .kernels()
              .get(
                  new PackedProduct.Size(
                      input.size(0), input.size(1), output.size(1), bias != null),
                  PackedProduct::new);
      if (!kernel.isReference()) {
        kernel.run(input, packed(kernel), bias, output);
        return;
      }
    }
    Blas.gemm(input, false, weights, transposed, output, 0);
    if (bias != null) {
      Blas.addToRows(output, bias, memory.ones(output.dataType(), output.size(0)));
    }
  }

  private PackedWeights packed(PackedProduct kernel) {
    return parameters
        .derived(
            new Key(name, transposed, kernel.weightsOrder()),
            (own, key) -> new Packed(kernel.weights(transposed), own.get(name)))
        .matrix();
  }
}
