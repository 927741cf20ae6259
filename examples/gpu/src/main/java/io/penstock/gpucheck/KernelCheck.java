package io.penstock.gpucheck;

import io.penstock.compute.Compute;
import io.penstock.compute.ComputeDevice;
import io.penstock.compute.cuda.BareKernels;
import io.penstock.compute.cuda.CudaDevice;
import io.penstock.compute.cuda.CudaException;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * Check of every kernel: each case twice on the device, for equal bits, and once in double
 * precision on the host. For one thread.
 */
final class KernelCheck {
  private final CudaDevice device;
  private final BareKernels kernels;
  private final Report report;
  private final Budget budget;
  private final Set<String> asked = new TreeSet<>();
  private boolean lost;

  KernelCheck(CudaDevice device, Report report, Budget budget) {
    this.device = device;
    this.kernels = new BareKernels(device);
    this.report = report;
    this.budget = budget;
  }

  /**
   * Runs cases; what is wrong stands in the report.
   *
   * @param only what is in the names of those that run; empty for all
   */
  void run(boolean small, String only) {
    kernels.asked();
    report.table("case", "error", "allowed", "equal bits", "kernels");
    for (KernelCase each : KernelCases.all(small, () -> kernels)) {
      if (!each.name().contains(only)) {
        continue;
      }
      if (lost) {
        report.wrong(each.name() + " did not run: the GPU is lost");
      } else if (budget.allows(each.name())) {
        run(each);
      }
    }
    Set<String> never = new TreeSet<>(BareKernels.names());
    never.removeAll(asked);
    if (only.isEmpty() && !never.isEmpty()) {
      report.wrong("no case has run these kernels: " + String.join(", ", never));
    }
    if (!lost) {
      kernels.close();
    }
  }

  private void run(KernelCase each) {
    try {
      List<double[]> first = run(each, device);
      List<double[]> again = run(each, device);
      Set<String> own = kernels.asked();
      asked.addAll(own);
      Comparison found = Comparison.of(first, run(each, new ReferenceDevice()));
      boolean equal = Comparison.equal(first, again);
      report.row(
          each.name(),
          found.error(),
          each.tolerance(),
          equal ? "yes" : "NO",
          String.join(", ", own));
      if (!(found.error() <= each.tolerance())) {
        report.wrong(each.name() + " is off, kernels " + own + ": " + found.where());
      }
      if (!equal) {
        report.wrong(each.name() + " has other bits the second time, kernels " + own);
      }
    } catch (CudaException | IllegalStateException e) {
      Set<String> own = kernels.asked();
      asked.addAll(own);
      report.wrong(each.name() + " failed, kernels " + own + ": " + e.getMessage());
      lost = isLost();
    }
  }

  private boolean isLost() {
    try {
      device.settle();
      return false;
    } catch (CudaException e) {
      return true;
    }
  }

  private static List<double[]> run(KernelCase each, ComputeDevice device) {
    boolean onHost = device.memory() == null;
    Compute compute = device.open(onHost ? DataType.DOUBLE : DataType.FLOAT);
    try (Given given = new Given(device, each.name().hashCode())) {
      each.action().run(compute, given);
      device.settle();
      List<double[]> numbers = given.numbers();
      compute.clear();
      return numbers;
    }
  }
}
