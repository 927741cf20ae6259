package io.penstock.compute;

import io.penstock.Internal;
import io.penstock.device.ShownGpus;
import java.util.ServiceLoader;
import java.util.function.Consumer;

/**
 * Driver of this machine's GPUs, for stages that compute through it. It is found by Java's service
 * loader, like a {@link ComputeKind}, so that nothing above knows what is behind. Thread-safe.
 */
@Internal
public interface GpuDriver {
  /**
   * Returns the driver that this installation has; where it has none, one that shows no GPU and
   * says so.
   */
  static GpuDriver here() {
    return ServiceLoader.load(GpuDriver.class, GpuDriver.class.getClassLoader())
        .findFirst()
        .orElseGet(NoGpuDriver::new);
  }

  /**
   * Lists the GPUs that the driver shows to this process, or says why it cannot. It takes no memory
   * of any, and throws nothing where there is no driver.
   */
  ShownGpus gpus();

  /**
   * Opens a GPU for a rank.
   *
   * @param ordinal the driver's number of it, as {@link #gpus} has it
   * @param precision of products and convolutions
   * @param told what turns out while it is computed on, in sentences for whoever trains; any thread
   *     calls it
   * @throws io.penstock.device.UnusableDeviceException if that fails, with what to do
   */
  OpenGpu open(int ordinal, ComputePrecision precision, Consumer<String> told);
}
