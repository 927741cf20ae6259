package io.penstock.compute.cuda;

import com.sun.jna.Native;
import com.sun.jna.ptr.IntByReference;
import io.penstock.Internal;
import io.penstock.compute.ComputePrecision;
import io.penstock.compute.GpuDriver;
import io.penstock.compute.OpenGpu;
import io.penstock.device.ShownGpu;
import io.penstock.device.ShownGpus;
import io.penstock.device.UnusableDeviceException;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** CUDA's driver, as stages get to GPUs through it. Found by the service loader. Thread-safe. */
@Internal
public final class CudaDriver implements GpuDriver {
  /** For the service loader. */
  public CudaDriver() {}

  @Override
  public ShownGpus gpus() {
    try {
      List<ShownGpu> all = CudaGpu.all().stream().map(CudaDriver::shown).toList();
      return new ShownGpus(all, version(), Optional.empty());
    } catch (CudaException none) {
      return new ShownGpus(List.of(), version(), Optional.of(none.getMessage()));
    }
  }

  private static ShownGpu shown(CudaGpu gpu) {
    return new ShownGpu(gpu.ordinal(), gpu.uuid(), gpu.name(), gpu.capability(), gpu.memoryBytes());
  }

  /** Returns the version of CUDA that the driver knows; 0 if there is no driver. */
  private static int version() {
    IntByReference version = new IntByReference();
    return Native.registered(Driver.class) && Driver.cuDriverGetVersion(version) == 0
        ? version.getValue()
        : 0;
  }

  @Override
  public OpenGpu open(int ordinal, ComputePrecision precision, Consumer<String> told) {
    try {
      return new OpenCudaGpu(CudaDevice.open(CudaGpu.at(ordinal)), precision, told);
    } catch (CudaException cannot) {
      throw new UnusableDeviceException(cannot.getMessage());
    }
  }
}
