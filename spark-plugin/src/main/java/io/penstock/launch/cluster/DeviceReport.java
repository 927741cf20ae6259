package io.penstock.launch.cluster;

import io.penstock.device.Backend;
import io.penstock.device.Device;
import java.io.Serializable;
import java.util.Optional;

/**
 * Report of a process on the GPU that a rank would have there. Immutable.
 *
 * @param host its machine's name
 * @param executor its id
 * @param address of the GPU as Spark assigned it; null for none
 * @param device the GPU, if ND4J can run on it; null otherwise
 * @param problem why ND4J cannot run on it, with what to do; null if it can
 * @param backend which of ND4J's the process has already; null while that is open
 */
record DeviceReport(
    String host, String executor, String address, Device device, String problem, Backend backend)
    implements Serializable {
  /** Returns the GPU, if the process can still take it, or has. */
  Optional<Device> usable() {
    return Optional.ofNullable(backend == Backend.CPU ? null : device);
  }

  /** Returns the host and executor, for messages. */
  String place() {
    return host + ", executor " + executor;
  }

  /** Returns the GPU's name, told from those of other machines. */
  String gpu() {
    return "GPU " + address + " of " + host;
  }
}
