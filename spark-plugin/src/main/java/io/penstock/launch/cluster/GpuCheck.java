package io.penstock.launch.cluster;

import io.penstock.Amount;
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
      GpuUse use, ClusterOffer offer, int stages, List<DeviceReport> reports) {
    return switch (use) {
      case REQUIRED -> required(offer, stages, reports);
      case AUTO ->
          reports.stream()
              .filter(report -> report.backend() == Backend.CUDA && report.device() == null)
              .map(GpuCheck::onGpuAlready)
              .distinct()
              .toList();
      case NEVER ->
          reports.stream()
              .filter(report -> report.backend() == Backend.CUDA)
              .map(GpuCheck::onGpuAlready)
              .distinct()
              .toList();
    };
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
    reports.stream().map(GpuCheck::problem).filter(Objects::nonNull).distinct().forEach(wrong::add);
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
              + more(offer, stages));
    }
    return wrong;
  }

  private static boolean hasNone(ClusterOffer offer) {
    return offer.gpus().perExecutor() == 0 && offer.executors() > 0;
  }

  private static String problem(DeviceReport report) {
    if (report.problem() != null) {
      return report.place() + ": " + report.problem();
    }
    return report.device() != null && report.backend() == Backend.CPU ? onCpuAlready(report) : null;
  }

  private static String more(ClusterOffer offer, int stages) {
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
        ? "this process sees no GPU that it could use, or lacks ND4J's CUDA backend. Build with mvn"
            + " -Pcuda, install NVIDIA's driver, or take requireGpu auto or false."
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

  /** Returns the message for a process that computes on its GPU, where the run is not to. */
  static String onGpuAlready(DeviceReport report) {
    return "ND4J runs on CUDA in the process of "
        + report.place()
        + " already, and a process has one of ND4J's backends until it ends, but this run "
        + (report.problem() == null ? "is to be on the CPU" : "cannot: " + report.problem())
        + ". Start an application with --conf spark.penstock.backend=cpu for it.";
  }

  /**
   * Returns the message for a process that computes on the CPU, where the run is to be on its GPU.
   */
  static String onCpuAlready(DeviceReport report) {
    return report.place()
        + ": ND4J runs on the CPU in this process already, and a process has one of ND4J's backends"
        + " until it ends. Start a new application with --conf"
        + " spark.plugins=io.penstock.launch.plugin.PenstockPlugin, which chooses it when the"
        + " executors start, and without spark.penstock.backend=cpu. If it is set so, ND4J's log on"
        + " that executor says why CUDA did not load.";
  }

  /** Returns the devices that the run computes on, in a line. */
  static String words(GpuUse use, ClusterOffer offer, List<DeviceReport> reports) {
    if (use == GpuUse.NEVER) {
      return "on the CPU: requireGpu is false";
    }
    if (reports.isEmpty()) {
      String why =
          offer.gpus().perExecutor() == 0
              ? offer.local()
                  ? "this process sees no GPU or lacks ND4J's CUDA backend"
                  : "the executors have no GPUs (spark.executor.resource.gpu.amount)"
              : noProfiles(offer);
      return "on the CPU: " + why;
    }
    List<String> gpus =
        reports.stream()
            .filter(report -> report.usable().isPresent())
            .map(DeviceReport::gpu)
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
    String problem = problem(report);
    return problem != null ? problem : report.place() + ": Spark assigned no GPU";
  }
}
