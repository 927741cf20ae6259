package io.penstock.compute.cuda;

import io.penstock.array.DeviceMemory;
import io.penstock.compute.Compute;
import io.penstock.compute.ComputePrecision;
import io.penstock.compute.OpenGpu;
import java.util.Optional;
import java.util.function.Consumer;
import org.nd4j.linalg.api.buffer.DataType;

/** GPU that a rank computes on through CUDA's driver. Thread-safe. */
final class OpenCudaGpu implements OpenGpu {
  private final CudaDevice device;
  private final CudaKind kind;

  /**
   * @param device which this one closes
   */
  OpenCudaGpu(CudaDevice device, ComputePrecision precision, Consumer<String> told) {
    this.device = device;
    this.kind = new CudaKind(device, precision, told);
  }

  @Override
  public DeviceMemory memory() {
    return device;
  }

  @Override
  public Compute open(DataType type) {
    if (!kind.takes(type)) {
      throw new IllegalArgumentException(
          device.name()
              + " computes with numbers of type FLOAT, not "
              + type
              + ": networks of other numbers train on the CPU, requireGpu false.");
    }
    return kind.open();
  }

  @Override
  public void settle() {
    device.settle();
  }

  @Override
  public String products() {
    return kind.products();
  }

  @Override
  public Optional<String> complaint() {
    return kind.complaint();
  }

  @Override
  public void close() {
    device.close();
  }

  @Override
  public String toString() {
    return device.name();
  }
}
