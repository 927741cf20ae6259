package io.penstock.compute.cuda;

import io.penstock.Internal;
import io.penstock.compute.Compute;
import io.penstock.compute.ComputeKind;
import io.penstock.compute.ComputePrecision;
import java.util.Optional;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * Compute backend of one GPU, for floats in its memory. It is not found by the service loader: who
 * computes on a GPU opens that one. Thread-safe.
 */
@Internal
public final class CudaKind implements ComputeKind {
  private final CudaDevice device;
  private final ComputePrecision precision;

  /** A backend that computes on this device, which outlives it, in float32. */
  public CudaKind(CudaDevice device) {
    this(device, ComputePrecision.FLOAT32);
  }

  /**
   * A backend that computes on this device, which outlives it.
   *
   * @param precision of matrix products, and of convolutions, which are made of them
   */
  public CudaKind(CudaDevice device, ComputePrecision precision) {
    this.device = device;
    this.precision = precision;
  }

  /** Warning that matrix products are slow here, with what to do; empty if they are not. */
  public Optional<String> complaint() {
    return CublasLibrary.load(device).complaint(precision);
  }

  /** Name of the library that multiplies matrices, on which the bits of results depend. */
  public String products() {
    return CublasLibrary.load(device).products(precision);
  }

  @Override
  public String id() {
    return "cuda";
  }

  @Override
  public boolean takes(DataType type) {
    return type == DataType.FLOAT;
  }

  @Override
  public int preference() {
    return 20;
  }

  @Override
  public Compute open() {
    StreamLauncher launcher = new StreamLauncher(device);
    Multiplier multiplier = Multiplier.open(device, launcher, precision);
    return new Compute(
        new CudaProducts(multiplier),
        new CudaRows(launcher),
        new CudaNorms(launcher),
        new CudaWindows(launcher, multiplier),
        new CudaActivations(launcher),
        new CudaRecurrences(launcher),
        new CudaLosses(launcher),
        new CudaUpdates(launcher),
        new CudaConversions(launcher),
        () -> {
          multiplier.clear();
          launcher.clear();
        });
  }
}
