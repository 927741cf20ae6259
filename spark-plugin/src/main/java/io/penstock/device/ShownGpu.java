package io.penstock.device;

import io.penstock.Internal;
import java.io.Serializable;
import java.util.Optional;

/**
 * A GPU, or a MIG instance of one, as CUDA's driver shows it to this process. Immutable.
 *
 * @param ordinal the driver's number of it in this process
 * @param uuid its name for ever, {@code GPU-...} or {@code MIG-...}
 * @param name of the product, such as {@code NVIDIA H200}
 * @param memoryBytes all the memory that it has, in bytes
 */
@Internal
public record ShownGpu(
    int ordinal, String uuid, String name, Capability capability, long memoryBytes)
    implements Serializable {
  private static final int PREFIX = "GPU-".length();

  /**
   * Returns whether a UUID is this one's. A GPU's and an instance's differ in more than the prefix,
   * which some drivers confuse.
   */
  boolean isCalled(String other) {
    return bare(uuid).equalsIgnoreCase(bare(other));
  }

  private static String bare(String uuid) {
    return uuid.startsWith("GPU-") || uuid.startsWith("MIG-") ? uuid.substring(PREFIX) : uuid;
  }

  /** Reason why the kernels cannot run on this GPU, with what to do; empty if they can. */
  Optional<String> problem() {
    return capability
        .cudaProblem()
        .map(
            reason -> "GPU " + ordinal + " (" + name + ", " + uuid + ") cannot be used: " + reason);
  }
}
