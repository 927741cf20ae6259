package io.penstock.gpucheck;

import io.penstock.compute.cuda.BareKernels;
import io.penstock.compute.cuda.CudaDevice;
import io.penstock.compute.cuda.CudaException;
import io.penstock.compute.cuda.CudaGpu;

/** One part of the check of a GPU, as a process. */
public final class GpuCheck {
  /** Something on this machine or the command line is not as it has to be. */
  private static final int REFUSED = 2;

  private GpuCheck() {}

  /** Runs a part: the exit status is 0 if all of it is right, 1 if not, 2 if it cannot run. */
  public static void main(String[] line) {
    Report report = new Report(System.out);
    Options options;
    try {
      options = Options.read(line);
    } catch (IllegalArgumentException e) {
      System.err.println("gpu-check: " + e.getMessage());
      System.exit(REFUSED);
      return;
    }
    try {
      run(options, report);
    } catch (CudaException e) {
      report.wrong(e.getMessage());
    }
    report.addTo(options.report());
    report.wrong().forEach(sentence -> System.err.println("gpu-check: " + sentence));
    System.exit(report.wrong().isEmpty() ? 0 : 1);
  }

  private static void run(Options options, Report report) {
    Budget budget = new Budget(options.seconds());
    CudaGpu gpu = CudaGpu.at(options.gpu());
    CudaDevice device = CudaDevice.open(gpu);
    switch (options.part()) {
      case KERNELS -> {
        report.section("Kernels");
        tellOf(gpu, device, report);
        new KernelCheck(device, report, budget).run(options.small(), options.only());
      }
      case NETWORKS -> {
        report.section("Training steps");
        new NetworkCheck(device, report, budget).run(options.small());
      }
      default -> throw new IllegalArgumentException("not yet: " + options.part());
    }
    budget.leftOut().forEach(what -> report.line("left out, for its time was up: " + what));
  }

  private static void tellOf(CudaGpu gpu, CudaDevice device, Report report) {
    report.line(
        gpu.name()
            + ", capability "
            + gpu.capability()
            + ", "
            + gpu.memoryBytes() / (1 << 20)
            + " MiB, of which free "
            + device.freeBytes() / (1 << 20)
            + ", bus "
            + gpu.bus());
    report.line("the driver speaks CUDA " + BareKernels.cuda());
    long began = System.nanoTime();
    try (BareKernels kernels = new BareKernels(device)) {
      kernels.load().forEach(report::wrong);
    }
    report.line(
        BareKernels.names().size()
            + " kernels loaded in "
            + (System.nanoTime() - began) / 1_000_000
            + " ms");
  }
}
