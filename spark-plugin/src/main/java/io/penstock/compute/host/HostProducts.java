package io.penstock.compute.host;

import io.penstock.compute.Kernels;
import io.penstock.compute.Matrices;
import io.penstock.compute.Products;
import io.penstock.compute.Vectors;
import io.penstock.compute.Weights;
import io.penstock.compute.host.onednn.GradientProduct;
import io.penstock.compute.host.onednn.PackedProduct;
import io.penstock.compute.host.onednn.PackedWeights;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Matrix products (GEMM) by oneDNN and OpenBLAS. Where oneDNN's kernel suits the shape, a matrix of
 * weights is packed once for all micro-batches between two updates. Kernels of different numbers of
 * rows, a short last micro-batch's for instance, may read different orders; each order is packed
 * when it is first asked for. A weight gradient is added by whichever of the two has the quicker
 * kernel for the shape. For one thread.
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

  /**
   * Packing of the weights of a name: the key of the packed ones, and the function that makes them.
   */
  private record Recipe(Key key, BiFunction<Weights, Key, Packed> make) {}

  /** A kernel with the ways in which it packs weights; a layer's names are few. */
  private static final class Packable {
    private final PackedProduct kernel;
    private final Map<String, Recipe> plain = new HashMap<>();
    private final Map<String, Recipe> transposed = new HashMap<>();

    Packable(PackedProduct kernel) {
      this.kernel = kernel;
    }

    PackedWeights packed(Weights weights, String name, boolean isTransposed) {
      Map<String, Recipe> recipes = isTransposed ? transposed : plain;
      Recipe recipe = recipes.get(name);
      if (recipe == null) {
        Key key = new Key(name, isTransposed, kernel.weightsOrder());
        recipe =
            new Recipe(key, (own, same) -> new Packed(kernel.weights(isTransposed), own.get(name)));
        recipes.put(name, recipe);
      }
      return weights.derived(recipe.key, recipe.make).matrix();
    }
  }

  private final Kernels kernels;
  private final Blas blas;

  HostProducts(Kernels kernels, Blas blas) {
    this.kernels = kernels;
    this.blas = blas;
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
    long count = Vectors.count(input);
    long inner = Vectors.width(input);
    long width = Vectors.width(output);
    if (PackedProduct.suits(count, inner, width)) {
      Packable product =
          kernels.get(
              Packable.class, count, inner, width, bias == null ? 0 : 1, HostProducts::compile);
      if (!product.kernel.isReference()) {
        product.kernel.run(input, product.packed(weights, name, transposed), bias, output);
        return;
      }
    }
    multiply(input, false, matrix, transposed, output, 0);
    if (bias != null) {
      blas.addToEach(output, bias, width);
    }
  }

  private static Packable compile(long rows, long inputs, long outputs, long biases) {
    return new Packable(
        new PackedProduct(new PackedProduct.Size(rows, inputs, outputs, biases == 1)));
  }

  private static GradientProduct compileGradient(
      long rows, long inputs, long outputs, long fourth) {
    return new GradientProduct(new GradientProduct.Size(rows, inputs, outputs));
  }

  @Override
  public void weightGradient(INDArray input, INDArray outputGradient, INDArray sum) {
    long rows = Vectors.count(input);
    long inputs = Vectors.width(input);
    long outputs = Vectors.width(outputGradient);
    if (GradientProduct.suits(rows, inputs, outputs)) {
      GradientProduct kernel =
          kernels.get(
              GradientProduct.class, rows, inputs, outputs, 0, HostProducts::compileGradient);
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
    blas.multiply(a, transposeA, b, transposeB, c, beta);
  }

  @Override
  public void multiply(
      Matrices a, boolean transposeA, Matrices b, boolean transposeB, double factor, Matrices c) {
    blas.multiply(a, transposeA, b, transposeB, factor, c);
  }
}
