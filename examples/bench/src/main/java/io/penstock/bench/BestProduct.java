package io.penstock.bench;

import java.util.HashMap;
import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A library's best time for a matrix product of any shape, on this thread: the result by columns or
 * by rows, which is the product of the transposed matrices the other way round, whichever is
 * faster.
 */
final class BestProduct {
  private static final int FEWEST = 3;

  /** Longer is not needed to find the best of many. */
  private static final long ENOUGH_NANOS = 2_000_000;

  /** Shorter than this, so many are timed together that it is not. */
  private static final long CLOCK_NANOS = 20_000;

  private record Shape(long rows, long inner, long columns) {}

  private final ProductLibrary library;
  private final Map<Shape, Double> seconds = new HashMap<>();

  BestProduct(ProductLibrary library) {
    this.library = library;
  }

  /** Seconds of {@code [rows, inner] · [inner, columns]}. */
  double seconds(long rows, long inner, long columns) {
    Shape shape =
        rows <= columns ? new Shape(rows, inner, columns) : new Shape(columns, inner, rows);
    return seconds.computeIfAbsent(
        shape,
        either ->
            Math.min(
                measure(either.rows, either.inner, either.columns),
                measure(either.columns, either.inner, either.rows)));
  }

  private double measure(long rows, long inner, long columns) {
    try (INDArray a = filled(rows, inner);
        INDArray b = filled(inner, columns);
        INDArray c = filled(rows, columns)) {
      long together = 1;
      long nanos = nanos(a, b, c, together);
      while (nanos < CLOCK_NANOS) {
        together *= 2;
        nanos = nanos(a, b, c, together);
      }
      double best = nanos / (double) together;
      long begin = System.nanoTime();
      for (int i = 1; i < FEWEST || System.nanoTime() - begin < ENOUGH_NANOS; i++) {
        best = Math.min(best, nanos(a, b, c, together) / (double) together);
      }
      return best / 1e9;
    }
  }

  private long nanos(INDArray a, INDArray b, INDArray c, long times) {
    long start = System.nanoTime();
    for (long i = 0; i < times; i++) {
      library.multiply(a, b, c);
    }
    return System.nanoTime() - start;
  }

  private static INDArray filled(long rows, long columns) {
    return Nd4j.create(new long[] {rows, columns}, 'f').addi(0.5);
  }
}
