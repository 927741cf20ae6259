package io.penstock.nn;

import io.penstock.nn.onednn.OneDnn;
import io.penstock.nn.onednn.PackedMatrix;
import io.penstock.nn.onednn.PackedProduct;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Rows times a matrix of a layer's weights, or times its transpose. Where oneDNN's kernel suits the
 * shape, the matrix is packed once for all micro-batches between two updates.
 *
 * @param parameters the layer's
 * @param name of the matrix, {@code [inputs, outputs]} in 'f' order
 * @param transposed whether rows of {@code outputs} numbers come in and rows of {@code inputs} go
 *     out, as in a backward pass
 */
record WeightProduct(Parameters parameters, String name, boolean transposed) {
  private record Key(String name, boolean transposed) {}

  private record Packed(PackedMatrix matrix, INDArray weights) implements Parameters.Derived {
    static Packed of(Parameters parameters, Key key) {
      INDArray weights = parameters.get(key.name);
      long inputs = weights.size(key.transposed ? 1 : 0);
      long outputs = weights.size(key.transposed ? 0 : 1);
      return new Packed(new PackedMatrix(inputs, outputs, key.transposed), weights);
    }

    @Override
    public void refresh() {
      matrix.pack(weights);
    }

    @Override
    public void free() {
      matrix.free();
    }
  }

  /** Whether a matrix of this shape has a packed copy for either direction. */
  static boolean packs(long inputs, long outputs) {
    return PackedProduct.suits(inputs, outputs);
  }

  /**
   * @param input rows, densely in 'c' order
   * @param bias added to every row; null for none
   * @param output rows, densely in 'c' order; overwritten
   */
  void run(INDArray input, INDArray bias, INDArray output, Memory memory) {
    INDArray weights = parameters.get(name);
    if (OneDnn.takes(input) && packs(weights.size(0), weights.size(1))) {
      PackedProduct.Size size =
          new PackedProduct.Size(input.size(0), input.size(1), output.size(1), bias != null);
      memory.kernels().get(size, PackedProduct::new).run(input, packed(), bias, output);
      return;
    }
    Blas.gemm(input, false, weights, transposed, output, 0);
    if (bias != null) {
      Blas.addToRows(output, bias, memory.ones(output.dataType(), output.size(0)));
    }
  }

  private PackedMatrix packed() {
    return parameters.derived(new Key(name, transposed), Packed::of).matrix();
  }
}
