package io.penstock.device;

import io.penstock.Internal;
import java.io.Serializable;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A GPU as nvidia-smi tells of it. Immutable.
 *
 * @param index nvidia-smi's number, in the order of the PCI bus
 * @param uuid its name for ever, {@code GPU-...}
 * @param memoryBytes all the memory that it has, in bytes; 0 if it is not known
 * @param driver version of NVIDIA's driver
 */
@Internal
public record Gpu(int index, String uuid, Capability capability, long memoryBytes, String driver)
    implements Serializable {
  /**
   * CUDA 11.6 runs on every driver of CUDA 11, by NVIDIA's minor version compatibility: 450.80.02.
   */
  private static final int OLDEST_DRIVER = 450;

  private static final int OLDEST_DRIVER_MINOR = 80;
  private static final Pattern VERSION = Pattern.compile("(\\d+)\\.(\\d+).*");

  /** Reason why ND4J's CUDA backend cannot run on this GPU, with what to do; empty if it can. */
  public Optional<String> problem() {
    return capability
        .nd4jProblem()
        .or(this::driverProblem)
        .map(reason -> "GPU " + index + " (" + uuid + ") cannot be used: " + reason);
  }

  private Optional<String> driverProblem() {
    Matcher version = VERSION.matcher(driver);
    if (!version.matches()) {
      return Optional.empty(); // not for us to judge
    }
    int major = Integer.parseInt(version.group(1));
    int minor = Integer.parseInt(version.group(2));
    boolean enough =
        major > OLDEST_DRIVER || (major == OLDEST_DRIVER && minor >= OLDEST_DRIVER_MINOR);
    return enough
        ? Optional.empty()
        : Optional.of(
            "NVIDIA's driver is "
                + driver
                + ", and CUDA 11.6 needs 450.80.02 or newer. Update the driver of this machine, or"
                + " train on the CPU: requireGpu false");
  }
}
