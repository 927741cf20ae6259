package io.penstock.gpucheck;

import io.penstock.Amount;
import io.penstock.compute.ComputeDevice;
import io.penstock.compute.cuda.CudaException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.IntStream;

/**
 * Check of whole training steps: losses and gradients against double precision on the host, and
 * equal bits of further runs, on several threads at a time. For one thread.
 */
final class NetworkCheck {
  private static final int STEPS = 2;

  /** That train the same at a time, after one has alone. */
  private static final int THREADS = 2;

  /** Of a layer's gradient, all together: single ones may hang on a number's being just above 0. */
  private static final double ALLOWED = 5e-4;

  private static final double ALLOWED_OF_LOSS = 1e-4;

  private final ComputeDevice device;
  private final Report report;
  private final Budget budget;

  NetworkCheck(ComputeDevice device, Report report, Budget budget) {
    this.device = device;
    this.report = report;
    this.budget = budget;
  }

  /** What a run left. */
  private record Left(double[] losses, List<double[]> gradients, List<double[]> weights) {
    boolean equals(Left other) {
      return Comparison.equal(List.of(losses), List.of(other.losses))
          && Comparison.equal(gradients, other.gradients)
          && Comparison.equal(weights, other.weights);
    }
  }

  /** Runs all networks; what is wrong stands in the report. */
  void run(boolean small) {
    report.table("network", "rows", "loss", "error", "error of a layer's gradient", "equal bits");
    for (Work work : Work.all(small)) {
      if (budget.allows(work.name())) {
        try {
          run(work);
        } catch (CompletionException e) {
          report.wrong(work.name() + " failed: " + e.getCause().getMessage());
          return;
        } catch (CudaException | IllegalStateException e) {
          report.wrong(work.name() + " failed: " + e.getMessage());
          return;
        }
      }
    }
  }

  private void run(Work work) {
    Left first = train(work, device);
    // Each thread has a stream of its own: neither may see the other's work.
    List<Left> again =
        IntStream.range(0, THREADS)
            .mapToObj(i -> CompletableFuture.supplyAsync(() -> train(work, device)))
            .toList()
            .stream()
            .map(CompletableFuture::join)
            .toList();
    Left wanted = train(work, new ReferenceDevice());
    double apart = 0;
    for (int i = 0; i < wanted.losses.length; i++) {
      double own = Math.abs(first.losses[i] - wanted.losses[i]) / Math.abs(wanted.losses[i]);
      apart = Double.isNaN(own) ? own : Math.max(apart, own);
    }
    double worst = 0;
    for (int i = 0; i < wanted.gradients.size(); i++) {
      double own = Comparison.distance(first.gradients.get(i), wanted.gradients.get(i));
      worst = Double.isNaN(own) ? own : Math.max(worst, own);
    }
    boolean equal = again.stream().allMatch(first::equals);
    report.row(work.name(), work.checked(), first.losses[0], apart, worst, equal ? "yes" : "NO");
    if (!(apart <= ALLOWED_OF_LOSS) || !(worst <= ALLOWED)) {
      report.wrong(
          work.name()
              + " trains otherwise than in double precision: losses by "
              + apart
              + ", gradients by "
              + worst);
    }
    if (!equal) {
      report.wrong(
          work.name() + " trains to other bits on " + new Amount(THREADS, "thread") + " at a time");
    }
  }

  private static Left train(Work work, ComputeDevice device) {
    double[] losses = new double[STEPS];
    List<double[]> gradients = List.of();
    try (Training training = new Training(work, work.checked(), device)) {
      for (int step = 0; step < STEPS; step++) {
        losses[step] = training.backward();
        gradients = step == 0 ? training.gradients() : gradients;
        training.update();
      }
      device.settle();
      return new Left(losses, gradients, training.weights());
    }
  }
}
