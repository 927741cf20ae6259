package io.penstock.bench;

import java.util.ArrayList;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * What one core can do: matrix products into a result that is there already, in the order that BLAS
 * writes. Measured again in every round, for it changes with what else the machine does.
 */
final class GemmLimit {
  private static final int LARGE = 2048;
  private static final int REPEATS = 3;

  /** A measurement shorter than this says more of the clock than of the machine. */
  private static final long LEAST_NANOS = 200_000_000;

  private final long[] shape;
  private final List<Double> large = new ArrayList<>();
  private final List<Double> small = new ArrayList<>();

  /**
   * @param shape {rows, inputs, outputs} of a micro-batch's product
   */
  GemmLimit(long[] shape) {
    this.shape = shape.clone();
  }

  /** Measures both; the calling process must use one thread. */
  void measure() {
    large.add(gigaflops(LARGE, LARGE, LARGE));
    small.add(gigaflops(shape[0], shape[1], shape[2]));
  }

  /** GFLOP/s of a product of two matrices of 2048 x 2048. */
  double gigaflops() {
    return Median.of(large, Double::doubleValue);
  }

  /** GFLOP/s at the shape of a micro-batch. */
  double gigaflopsOfMicroBatch() {
    return Median.of(small, Double::doubleValue);
  }

  /** The micro-batch's shape as text: {@code 64x1024x1024}. */
  String shape() {
    return shape[0] + "x" + shape[1] + "x" + shape[2];
  }

  private static double gigaflops(long rows, long inputs, long outputs) {
    try (INDArray x = filled(rows, inputs);
        INDArray weights = filled(inputs, outputs);
        INDArray y = filled(rows, outputs)) {
      double flops = 2.0 * rows * inputs * outputs;
      Nd4j.gemm(x, weights, y, false, false, 1, 0);
      double[] rates = new double[REPEATS];
      for (int i = 0; i < REPEATS; i++) {
        long start = System.nanoTime();
        long nanos = 0;
        long products = 0;
        while (nanos < LEAST_NANOS) {
          Nd4j.gemm(x, weights, y, false, false, 1, 0);
          products++;
          nanos = System.nanoTime() - start;
        }
        rates[i] = products * flops / nanos;
      }
      return Median.of(rates);
    }
  }

  private static INDArray filled(long rows, long columns) {
    return Nd4j.create(new long[] {rows, columns}, 'f').addi(0.5);
  }
}
