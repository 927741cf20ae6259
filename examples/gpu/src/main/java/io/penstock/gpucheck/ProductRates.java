package io.penstock.gpucheck;

import io.penstock.array.HostNumbers;
import io.penstock.array.NativeArrays;
import io.penstock.compute.Compute;
import io.penstock.compute.ComputePrecision;
import io.penstock.compute.SplitMix;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Rates and errors of matrix products, and times of training steps. For one thread. */
final class ProductRates {
  private static final int[][] SHAPES = {
    {512, 1024, 1024}, {2048, 256, 1024}, {4096, 4096, 4096}, {8192, 8192, 8192}
  };
  private static final int[][] SMALL = {{64, 32, 48}};
  private static final double TERA = 1e12;

  private final InPrecision device;
  private final boolean small;
  private final Report report;
  private final Budget budget;
  private final Stopwatch watch;

  ProductRates(InPrecision device, boolean small, Report report, Budget budget) {
    this.device = device;
    this.small = small;
    this.report = report;
    this.budget = budget;
    this.watch = new Stopwatch(device, small ? 0 : 0.05);
  }

  /** Measures forward, input gradient and weight gradient of dense layers. */
  void products() {
    for (int[] shape : small ? SMALL : SHAPES) {
      String name = String.format(Locale.ROOT, "%d x %d x %d", shape[0], shape[1], shape[2]);
      if (budget.allows("products " + name + " by " + device.products())) {
        measure(name, shape);
      }
    }
  }

  private void measure(String name, int[] shape) {
    Compute compute = device.open(DataType.FLOAT);
    List<INDArray> arrays = new ArrayList<>();
    INDArray input = array(arrays, 'c', shape[0], shape[1]);
    INDArray weights = array(arrays, 'f', shape[1], shape[2]);
    INDArray output = array(arrays, 'c', shape[0], shape[2]);
    double flops = 2.0 * shape[0] * shape[1] * shape[2];
    double forward =
        watch.seconds(
            () -> compute.products().rows(input, Given.weights(weights), "w", false, null, output));
    double back =
        watch.seconds(
            () -> compute.products().rows(output, Given.weights(weights), "w", true, null, input));
    double sums = watch.seconds(() -> compute.products().weightGradient(input, output, weights));
    report.row(
        name, device.products(), flops / forward / TERA, flops / back / TERA, flops / sums / TERA);
    arrays.forEach(NativeArrays::release);
    compute.clear();
  }

  private INDArray array(List<INDArray> all, char order, long... shape) {
    INDArray array = NativeArrays.array(device.memory(), DataType.FLOAT, order, shape);
    // Random numbers, for a GPU is faster with others.
    try (HostNumbers host = HostNumbers.into(NativeArrays.view(array, 0, array.length()))) {
      for (long i = 0; i < array.length(); i++) {
        host.numbers().put(i, SplitMix.uniform(all.size(), i) - 0.5);
      }
    }
    all.add(array);
    return array;
  }

  /** Begins the table that {@link #products} adds to. */
  static void table(Report report) {
    report.table(
        "rows x inputs x outputs", "by", "forward, TFLOP/s", "input gradient", "weight gradient");
  }

  /** Measures training steps of the reference networks. */
  void steps() {
    for (Work work : Work.all(small)) {
      if (!budget.allows("steps of " + work.name() + " by " + device.products())) {
        continue;
      }
      try (Training training = new Training(work, work.batch(), device)) {
        double seconds =
            watch.seconds(
                () -> {
                  training.backward();
                  training.update();
                });
        report.row(
            work.name(),
            device.products(),
            work.batch(),
            1000 * seconds,
            work.batch() / seconds,
            work.flops() * work.batch() / seconds / TERA);
      }
    }
  }

  /** Begins the table that {@link #steps} adds to. */
  static void tableOfSteps(Report report) {
    report.table("training step", "products by", "rows", "ms", "rows/s", "TFLOP/s");
  }

  /** Returns how far products of this precision may be off, as a share of the largest number. */
  static double allowed(ComputePrecision precision) {
    return switch (precision) {
      case FLOAT32 -> 2e-5;
      case TF32 -> 2e-3;
      case BFLOAT16 -> 2e-2;
    };
  }
}
