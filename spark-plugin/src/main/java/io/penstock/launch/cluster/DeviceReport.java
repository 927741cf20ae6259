package io.penstock.launch.cluster;

import io.penstock.device.Backend;
import io.penstock.device.Device;
import java.io.Serializable;
import java.util.Optional;

/**
 * What a process says of the GPU that a rank would have there. Immutable.
 *
 * @param host its machine's name
 * @param executor its id
 * @param address of the GPU as Spark assigned it; null for none
 * @param device the GPU, if ND4J can run on it; null otherwise
 * @param problem why not, with what to do; null if it can
 * @param backend which of ND4J's the process has already; null while that is open
 */
record DeviceReport(
    String host, String executor, String address, Device device, String problem, Backend backend)
    implements Serializable {
  /** The GPU, if the process can still take it, or has. */
  Optional<Device> usable() {
    return Optional.ofNullable(backend == Backend.CPU ? null : device);
  }

  /** Where it is, for messages. */
  String place() {
    return host + ", executor " + executor;
  }

  /** The GPU, told from those of other machines. */
  String gpu() {
    return "GPU " + address + " of " + host;
  }
}
