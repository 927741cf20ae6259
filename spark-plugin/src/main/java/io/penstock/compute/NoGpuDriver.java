package io.penstock.compute;

import io.penstock.device.ShownGpus;
import io.penstock.device.UnusableDeviceException;
import java.util.function.Consumer;

/** Driver of an installation that has none. Stateless. */
record NoGpuDriver() implements GpuDriver {
  private static final String WHY =
      "this installation has no class that computes through CUDA's driver (a line of"
          + " META-INF/services/io.penstock.compute.GpuDriver). Take Penstock's jar whole.";

  @Override
  public ShownGpus gpus() {
    return ShownGpus.none(WHY);
  }

  @Override
  public OpenGpu open(int ordinal, ComputePrecision precision, Consumer<String> told) {
    throw new UnusableDeviceException(WHY);
  }
}
