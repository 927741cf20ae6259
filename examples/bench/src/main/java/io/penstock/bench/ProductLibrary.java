package io.penstock.bench;

import java.util.ArrayList;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** A library that multiplies matrices, on the thread that calls it. Thread-safe. */
interface ProductLibrary {
  /** Which library in which version, such as {@code openblas-0.3.31}. */
  String name();

  /** What it computes with on this processor. */
  String kernel();

  /** {@code c = a · b}, all of them floats that lie densely column by column. */
  void multiply(INDArray a, INDArray b, INDArray c);

  /**
   * All there are. oneDNN takes threads of its own unless the environment says otherwise before it
   * loads; then it would say too much of one core, and is left out.
   */
  static List<ProductLibrary> atHand() {
    List<ProductLibrary> all = new ArrayList<>(List.of(new OpenBlas(), new OfNd4j()));
    if ("1".equals(System.getenv("OMP_NUM_THREADS"))) {
      OneDnn.load().ifPresent(all::add);
    }
    return List.copyOf(all);
  }

  /** ND4J's own call, whatever lies behind it. */
  final class OfNd4j implements ProductLibrary {
    @Override
    public String name() {
      return "nd4j";
    }

    @Override
    public String kernel() {
      return Nd4j.factory().blas().getBlasVendor().name();
    }

    @Override
    public void multiply(INDArray a, INDArray b, INDArray c) {
      Nd4j.gemm(a, b, c, false, false, 1, 0);
    }
  }
}
