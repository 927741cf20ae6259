package io.penstock.gpucheck;

import io.penstock.compute.Compute;
import io.penstock.compute.ComputeDevice;
import io.penstock.compute.cuda.BareKernels;
import io.penstock.compute.cuda.CudaDevice;
import io.penstock.compute.cuda.CudaException;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * Check of every kernel: each case twice on the device, for equal bits, and once in double
 * precision on the host. For one thread.
 */
final class KernelCheck {
  private final ComputeDevice device;
  private final BareKernels kernels;
  private final Report report;
  private final Budget budget;
  private final Set<String> asked = new TreeSet<>();
  private final double least;
  private boolean lost;

  /**
   * @param device that is asked, a GPU or one in some precision
   * @param gpu the GPU itself
   * @param least allows errors up to this where a case would allow less
   */
  KernelCheck(ComputeDevice device, CudaDevice gpu, double least, Report report, Budget budget) {
    this.device = device;
    this.kernels = new BareKernels(gpu);
    this.least = least;
    this.report = report;
    this.budget = budget;
  }

  /** Runs all cases, of which each kernel is to have one; what is wrong stands in the report. */
  void runAll(boolean small) {
    run(small, name -> true);
    Set<String> never = new TreeSet<>(BareKernels.names());
    never.removeAll(asked);
    if (!never.isEmpty()) {
      report.wrong("no case has run these kernels: " + String.join(", ", never));
    }
  }

  /**
   * Runs the cases of these names; what is wrong stands in the report.
   *
   * @return whether there is such a case
   */
  boolean run(boolean small, Predicate<String> names) {
    boolean any = false;
    kernels.asked();
    report.table("case", "error", "allowed", "equal bits", "kernels");
    for (KernelCase each : KernelCases.all(small, () -> kernels)) {
      if (!names.test(each.name())) {
        continue;
      }
      any = true;
      if (lost) {
        report.wrong(each.name() + " did not run: the GPU is lost");
      } else if (budget.allows(each.name())) {
        run(each);
      }
    }
    if (!lost) {
      kernels.close();
    }
    return any;
  }

  private void run(KernelCase each) {
    try {
      List<double[]> first = run(each, device);
      List<double[]> again = run(each, device);
      Set<String> own = kernels.asked();
      asked.addAll(own);
      Comparison found = Comparison.of(first, run(each, new ReferenceDevice()));
      double allowed = Math.max(each.tolerance(), least);
      boolean equal = Comparison.equal(first, again);
      report.row(each.name(), found.error(), allowed, equal ? "yes" : "NO", String.join(", ", own));
      if (!(found.error() <= allowed)) {
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
