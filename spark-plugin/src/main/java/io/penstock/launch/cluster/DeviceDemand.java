package io.penstock.launch.cluster;

import io.penstock.Internal;
import io.penstock.compute.ComputePrecision;
import java.io.Serializable;

/**
 * Demand of a run for devices: whether its stages are to have GPUs, and in which numbers these
 * multiply. Immutable.
 *
 * @param use of GPUs
 * @param precision of products; all but float32 needs a GPU for every stage
 */
@Internal
public record DeviceDemand(GpuUse use, ComputePrecision precision) implements Serializable {
  /**
   * Checks that the one allows the other.
   *
   * @throws IllegalArgumentException if it does not, with what to do
   */
  public DeviceDemand {
    if (use == GpuUse.NEVER && precision != ComputePrecision.FLOAT32) {
      throw new IllegalArgumentException(
          "computePrecision is "
              + precision.id()
              + ", but requireGpu is false: only GPUs round the factors of products. Set requireGpu"
              + " to true or auto, or set computePrecision to float32.");
    }
  }

  /** Returns the demand of a run that rounds no products. */
  public static DeviceDemand of(GpuUse use) {
    return new DeviceDemand(use, ComputePrecision.FLOAT32);
  }

  /** Returns whether no stage may do without a GPU, whatever {@link #use} says. */
  boolean needsGpus() {
    return use == GpuUse.REQUIRED || precision != ComputePrecision.FLOAT32;
  }
}
