package io.penstock.gpucheck;

import io.penstock.compute.ComputePrecision;
import io.penstock.compute.cuda.BareKernels;
import io.penstock.compute.cuda.CudaDevice;
import io.penstock.compute.cuda.CudaException;
import io.penstock.compute.cuda.CudaGpu;
import io.penstock.compute.cuda.CudaKind;

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
    CudaDevice device;
    try {
      device = CudaDevice.open(CudaGpu.at(options.gpu()));
    } catch (CudaException e) {
      report.line("cannot run: " + e.getMessage());
      report.addTo(options.report());
      System.exit(REFUSED);
      return;
    }
    try {
      run(device, options, report);
    } catch (CudaException e) {
      report.wrong(e.getMessage());
    } catch (RuntimeException | LinkageError mistake) {
      mistake.printStackTrace();
      report.wrong("the check itself has a mistake, please report it: " + mistake);
    }
    report.addTo(options.report());
    report.wrong().forEach(sentence -> System.err.println("gpu-check: " + sentence));
    System.exit(report.wrong().isEmpty() ? 0 : 1);
  }

  private static void run(CudaDevice device, Options options, Report report) {
    Budget budget = new Budget(options.seconds());
    switch (options.part()) {
      case KERNELS -> {
        report.section("Kernels");
        tellOf(device.gpu(), device, report);
        KernelCheck check = new KernelCheck(device, device, 0, report, budget);
        if (options.only().isEmpty()) {
          check.runAll(options.small());
        } else if (!check.run(options.small(), name -> name.contains(options.only()))) {
          report.wrong("no case ran: none has '" + options.only() + "' in its name");
        }
      }
      case NETWORKS -> {
        report.section("Training steps");
        new NetworkCheck(device, report, budget).run(options.small());
      }
      case RATES -> {
        report.section("Rates");
        try (MemoryRates rates = new MemoryRates(device, options.small(), report, budget)) {
          rates.run();
        }
        rates(new InPrecision(device, ComputePrecision.FLOAT32), options, report, budget);
      }
      case LIBRARY -> {
        report.section("Products by cuBLASLt, convolutions by cuDNN");
        CudaKind kind = new CudaKind(device);
        kind.complaint().ifPresent(report::line);
        if (kind.hasLibrary()) {
          library(device, options, report, budget);
        }
      }
    }
    budget.leftOut().forEach(what -> report.line("left out, for its time was up: " + what));
  }

  private static void rates(InPrecision device, Options options, Report report, Budget budget) {
    ProductRates rates = new ProductRates(device, options.small(), report, budget);
    ProductRates.table(report);
    rates.products();
    ProductRates.tableOfSteps(report);
    rates.steps();
  }

  private static void library(CudaDevice gpu, Options options, Report report, Budget budget) {
    for (ComputePrecision precision : ComputePrecision.values()) {
      InPrecision device = new InPrecision(gpu, precision);
      report.line(device.products());
      new KernelCheck(device, gpu, ProductRates.allowed(precision), report, budget)
          .run(
              options.small(),
              name -> name.startsWith("products") || name.startsWith("convolution"));
    }
    new NetworkCheck(gpu, report, budget).run(options.small());
    for (ComputePrecision precision : ComputePrecision.values()) {
      rates(new InPrecision(gpu, precision), options, report, budget);
    }
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
