package io.penstock.launch.cluster;

import io.penstock.Amount;
import io.penstock.compute.ComputePrecision;
import io.penstock.device.Backend;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * Check of the GPUs for a run: its problems, and the devices that the run computes on. Pure
 * functions.
 */
final class GpuCheck {
  private GpuCheck() {}

  /**
   * Returns everything that is wrong, each with what to do; empty if nothing is.
   *
   * @param reports of the processes that stages can go to; empty if none was asked
   */
  static List<String> problems(
      DeviceDemand demand, ClusterOffer offer, int stages, List<DeviceReport> reports) {
    if (demand.use() == GpuUse.REQUIRED) {
      return required(offer, stages, reports);
    }
    List<String> wrong = new ArrayList<>();
    reports.stream()
        .filter(DeviceReport::isOnGpuAlready)
        .map(DeviceReport::onGpuAlready)
        .distinct()
        .forEach(wrong::add);
    if (demand.precision() != ComputePrecision.FLOAT32) {
      wrong.addAll(rounded(demand.precision(), offer, reports));
    }
    return wrong;
  }

  /** Returns why products cannot be of a precision that only GPUs compute with, for every stage. */
  private static List<String> rounded(
      ComputePrecision precision, ClusterOffer offer, List<DeviceReport> reports) {
    String begin =
        "GPUs: computePrecision is "
            + precision.id()
            + ", which needs a GPU for every stage (float32 needs none), but ";
    if (reports.isEmpty()) {
      return List.of(begin + (lacksGpus(offer) ? none(offer) : noProfiles(offer)));
    }
    return reports.stream()
        .filter(report -> report.usable().isEmpty())
        .map(report -> begin + whyNot(report))
        .distinct()
        .toList();
  }

  private static List<String> required(ClusterOffer offer, int stages, List<DeviceReport> reports) {
    if (offer.local() ? reports.isEmpty() : hasNone(offer)) {
      return List.of("GPUs: requireGpu is true, but " + none(offer));
    }
    if (!offer.local() && !offer.gpus().reachStages()) {
      return List.of("GPUs: requireGpu is true, but " + noProfiles(offer));
    }
    List<String> wrong = new ArrayList<>();
    long usable =
        reports.stream()
            .filter(report -> report.usable().isPresent())
            .map(DeviceReport::gpu)
            .distinct()
            .count();
    reports.stream()
        .map(DeviceReport::complaint)
        .filter(Objects::nonNull)
        .distinct()
        .forEach(wrong::add);
    if (usable < stages && !reports.isEmpty()) {
      wrong.add(
          0,
          "GPUs: "
              + new Amount(stages, "stage").with("needs", "need")
              + " "
              + new Amount(stages, "GPU")
              + ", one each; "
              + usable
              + " can be used"
              + (wrong.isEmpty() ? ", " + listed(reports) : "")
              + ". "
              + more(offer, stages, usable));
    }
    return wrong;
  }

  private static boolean lacksGpus(ClusterOffer offer) {
    return offer.local() || offer.gpus().perExecutor() == 0;
  }

  private static boolean hasNone(ClusterOffer offer) {
    return offer.gpus().perExecutor() == 0 && offer.executors() > 0;
  }

  private static String more(ClusterOffer offer, int stages, long usable) {
    if (offer.local() && usable == 0) {
      return "A machine with so many would do; with requireGpu auto stages take the CPU.";
    }
    return offer.local()
        ? "A machine with so many, or fewer stages, would do; with requireGpu auto stages share"
            + " them."
        : "Set --conf spark.executor.resource.gpu.amount=1 and have "
            + new Amount(stages, "executor")
            + " (on a standalone cluster each worker has as many as its"
            + " spark.worker.resource.gpu.amount); or take fewer stages.";
  }

  private static String listed(List<DeviceReport> reports) {
    return reports.stream()
        .map(report -> report.address() == null ? "none at " + report.place() : report.gpu())
        .distinct()
        .collect(Collectors.joining(", "));
  }

  private static String none(ClusterOffer offer) {
    return offer.local()
        ? "this process sees no GPU. Take a machine with one and NVIDIA's driver, or take"
            + " requireGpu auto or false."
        : "the executors have none. Set --conf spark.executor.resource.gpu.amount=1 --conf"
            + " spark.executor.resource.gpu.discoveryScript=/path/to/getGpusResources.sh (on a"
            + " standalone cluster the workers need spark.worker.resource.gpu.amount and"
            + " .discoveryScript), as conf/standalone-gpu.conf does; or take requireGpu auto or"
            + " false.";
  }

  private static String noProfiles(ClusterOffer offer) {
    return "this cluster manager has no stage-level scheduling, so that a stage cannot ask for its"
        + " executor's GPU. Set --conf spark.task.resource.gpu.amount=1 --conf spark.task.cpus="
        + offer.coresPerExecutor();
  }

  /** Returns the devices that the run computes on, in a line. */
  static String words(GpuUse use, Backend backend, ClusterOffer offer, List<DeviceReport> reports) {
    if (use == GpuUse.NEVER) {
      return "on the CPU: requireGpu is false";
    }
    if (reports.isEmpty() && backend == Backend.CPU) {
      return "on the CPU: spark.penstock.backend is cpu";
    }
    if (reports.isEmpty()) {
      String why =
          offer.gpus().perExecutor() == 0
              ? offer.local()
                  ? "this process sees no GPU"
                  : "the executors have no GPUs (spark.executor.resource.gpu.amount)"
              : noProfiles(offer);
      return "on the CPU: " + why;
    }
    List<String> gpus =
        reports.stream()
            .filter(report -> report.usable().isPresent())
            .map(DeviceReport::gpuAndWay)
            .distinct()
            .toList();
    List<String> not =
        reports.stream()
            .filter(report -> report.usable().isEmpty())
            .map(GpuCheck::whyNot)
            .distinct()
            .toList();
    if (not.isEmpty()) {
      return "on GPUs: " + String.join(", ", gpus);
    }
    return (gpus.isEmpty() ? "on the CPU" : "on GPUs: " + String.join(", ", gpus) + "; on the CPU")
        + ": "
        + String.join("; ", not);
  }

  private static String whyNot(DeviceReport report) {
    String complaint = report.complaint();
    return complaint != null ? complaint : report.place() + ": Spark assigned no GPU";
  }
}
