package io.penstock.gpucheck;

import io.penstock.array.DeviceMemory;
import io.penstock.compute.Compute;
import io.penstock.compute.ComputeDevice;
import io.penstock.compute.ComputePrecision;
import io.penstock.compute.cuda.CudaDevice;
import io.penstock.compute.cuda.CudaKind;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * GPU whose products are of some precision. Thread-safe.
 *
 * @param gpu the GPU
 * @param precision of products
 */
record InPrecision(CudaDevice gpu, ComputePrecision precision) implements ComputeDevice {
  @Override
  public DeviceMemory memory() {
    return gpu;
  }

  @Override
  public Compute open(DataType type) {
    return new CudaKind(gpu, precision).open();
  }

  @Override
  public void settle() {
    gpu.settle();
  }

  /** Returns what multiplies, in words. */
  String products() {
    return new CudaKind(gpu, precision).products();
  }

  @Override
  public String toString() {
    return gpu + " in " + precision.id();
  }
}
