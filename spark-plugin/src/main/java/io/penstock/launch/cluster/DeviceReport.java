package io.penstock.launch.cluster;

import io.penstock.device.Device;
import io.penstock.device.Nd4jBackend;
import java.io.Serializable;
import java.util.Optional;

/**
 * Report of a process on the GPU that a rank would have there. Immutable.
 *
 * @param host its machine's name
 * @param executor its id
 * @param address of the GPU as Spark assigned it; null for none
 * @param device the GPU, if it can be computed on; null otherwise
 * @param problem why it cannot be computed on, with what to do; null if it can
 * @param backend which of ND4J's the process has already; null while that is open
 */
record DeviceReport(
    String host,
    String executor,
    String address,
    Device device,
    String problem,
    Nd4jBackend backend)
    implements Serializable {
  /** Returns the GPU, if the process can still take it, or has. */
  Optional<Device> usable() {
    return Optional.ofNullable(device).filter(gpu -> backend == null || backend == gpu.nd4j());
  }

  /** Returns this report of a process that has this backend of ND4J's by now. */
  DeviceReport in(Nd4jBackend loaded) {
    return new DeviceReport(host, executor, address, device, problem, loaded);
  }

  /** Returns whether the process computes on its GPU by ND4J, and this run cannot. */
  boolean isOnGpuAlready() {
    return backend == Nd4jBackend.CUDA && usable().isEmpty();
  }

  /** Returns the host and executor, for messages. */
  String place() {
    return host + ", executor " + executor;
  }

  /** Returns the GPU's name, told from those of other machines. */
  String gpu() {
    return Device.nameOf(address) + " of " + host;
  }

  /** Returns the same with the way to compute on it; only of one that can be. */
  String gpuAndWay() {
    return gpu() + (device.isByDriver() ? " (" + device.name() + ")" : " (by ND4J)");
  }

  /** Returns why a rank there computes on the CPU; null if it need not. */
  String complaint() {
    if (problem != null) {
      return place() + ": " + problem;
    }
    if (device == null || usable().isPresent()) {
      return null;
    }
    return device.isByDriver() ? onGpuAlready() : onCpuAlready();
  }

  /** Returns the message for a process that computes on its GPU by ND4J, where the run cannot. */
  String onGpuAlready() {
    return "ND4J runs on CUDA in the process of "
        + place()
        + " already, and a process has one of ND4J's backends until it ends, but this run "
        + (problem != null
            ? "cannot: " + problem
            : device != null
                ? "is to be on "
                    + Device.nameOf(address)
                    + " through CUDA's driver, beside ND4J on"
                    + " the CPU."
                : "is to be on the CPU.")
        + " Start an application with --conf spark.penstock.backend="
        + (device != null ? "cuda" : "cpu")
        + " for it.";
  }

  /**
   * Returns the message for a process that computes on the CPU, where the run is to be on its GPU
   * by ND4J.
   */
  String onCpuAlready() {
    return place()
        + ": ND4J runs on the CPU in this process already, and a process has one of ND4J's backends"
        + " until it ends. Start a new application with --conf"
        + " spark.plugins=io.penstock.launch.plugin.PenstockPlugin, which chooses it when the"
        + " executors start, and without spark.penstock.backend=cpu. If it is set so, ND4J's log on"
        + " that executor says why CUDA did not load.";
  }
}
