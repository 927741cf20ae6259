package io.penstock.gpucheck;

import io.penstock.Amount;
import io.penstock.compute.Compute;
import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;

/** What is asked of normalisation. */
final class NormCases {
  private NormCases() {}

  static void addTo(KernelCases cases) {
    for (long[] shape : new long[][] {{5, 7}, {513, 256}, {33, 1000}}) {
      cases.add(
          "norms: " + new Amount(shape[0], "row") + " of " + shape[1],
          KernelCases.SUM,
          (compute, given) -> {
            INDArray input = given.random(shape);
            INDArray scale = given.positive(shape[1]);
            INDArray mean = given.room(shape[0]);
            INDArray variance = given.room(shape[0]);
            INDArray shift = given.random(shape[1]);
            compute.norms().layerNorm(input, scale, shift, 1e-5, mean, variance, given.room(shape));
            compute
                .norms()
                .layerNormGradient(
                    input,
                    scale,
                    1e-5,
                    mean,
                    variance,
                    given.random(shape),
                    given.room(shape),
                    given.room(2 * shape[1]));
          });
    }
    for (long[] shape : new long[][] {{500, 33, 1}, {16, 8, 14, 14}, {7, 3, 2, 2}}) {
      for (boolean own : new boolean[] {true, false}) {
        cases.add(
            "norms: channels of " + Arrays.toString(shape) + (own ? "" : ", moments given"),
            5 * KernelCases.SUM,
            (compute, given) -> batchNorm(compute, given, shape, !own));
      }
    }
    cases.add(
        "norms: running moments",
        KernelCases.SUM,
        (compute, given) -> {
          INDArray means = given.of(new float[300]);
          INDArray squares = given.of(new float[300]);
          INDArray rows = given.of(0);
          INDArray from = given.random(300);
          INDArray variance = given.positive(300);
          INDArray steps = given.of(0);
          compute.norms().follow(means, squares, rows, 0.1, from, variance, steps);
          INDArray mean = given.random(300);
          compute.norms().addMoments(32, mean, variance, from, means, squares, rows);
          compute.norms().follow(means, squares, rows, 0.1, from, given.positive(300), steps);
        });
  }

  private static void batchNorm(Compute compute, Given given, long[] shape, boolean known) {
    INDArray input = given.random(shape);
    INDArray scale = given.positive(shape[1]);
    INDArray mean = known ? given.random(shape[1]) : given.room(shape[1]);
    INDArray variance = known ? given.positive(shape[1]) : given.room(shape[1]);
    INDArray shift = given.random(shape[1]);
    compute.norms().batchNorm(input, scale, shift, 1e-5, known, mean, variance, given.room(shape));
    compute
        .norms()
        .batchNormGradient(
            input,
            scale,
            1e-5,
            known,
            mean,
            variance,
            given.random(shape),
            given.room(shape),
            given.room(2 * shape[1]));
  }
}
