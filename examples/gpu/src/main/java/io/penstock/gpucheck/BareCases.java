package io.penstock.gpucheck;

import io.penstock.compute.Compute;
import io.penstock.compute.cuda.BareKernels;
import java.util.function.Supplier;
import org.nd4j.linalg.api.ndarray.INDArray;

/** What is asked of kernels that no family of operations asks. */
final class BareCases {
  private BareCases() {}

  /**
   * Adds the cases.
   *
   * @param kernels those of the device, once it is open
   */
  static void addTo(KernelCases cases, Supplier<BareKernels> kernels) {
    cases.add(
        "copied to a better address, bias added behind a product",
        KernelCases.EACH,
        (compute, given) -> {
          INDArray matrix = given.random(77, 130);
          INDArray bias = given.random(130);
          INDArray copy = given.room(77, 130);
          if (given.isOnDevice()) {
            kernels.get().addBias(matrix, bias);
            kernels.get().copy(matrix, copy);
          } else {
            onHost(compute, matrix, bias, copy);
          }
        });
    filter(cases, kernels);
  }

  /** There and back gives each number twice where it was. */
  private static void filter(KernelCases cases, Supplier<BareKernels> kernels) {
    long[] sides = {37, 5, 3, 4};
    long count = sides[0] * sides[1] * sides[2] * sides[3];
    cases.add(
        "a filter laid out output by output, added back",
        KernelCases.EACH,
        (compute, given) -> {
          INDArray filter = given.random(count);
          INDArray byOutputs = given.room(count);
          if (given.isOnDevice()) {
            kernels.get().layOut(filter, sides, byOutputs);
            kernels.get().addLaidOut(byOutputs, sides, filter);
          } else {
            onHost(Doubles.of(filter), sides, Doubles.of(byOutputs));
          }
        });
  }

  private static void onHost(Doubles filter, long[] sides, Doubles byOutputs) {
    long from = 0;
    for (long across = 0; across < sides[3]; across++) {
      for (long down = 0; down < sides[2]; down++) {
        for (long channel = 0; channel < sides[1]; channel++) {
          for (long output = 0; output < sides[0]; output++) {
            double one = filter.get(from);
            long to = ((output * sides[1] + channel) * sides[2] + down) * sides[3] + across;
            byOutputs.put(to, one);
            filter.put(from++, 2 * one);
          }
        }
      }
    }
  }

  private static void onHost(Compute compute, INDArray matrix, INDArray bias, INDArray copy) {
    compute.rows().addToEach(matrix, bias);
    compute.rows().copy(matrix, 0, copy, 0, copy.length());
  }
}
