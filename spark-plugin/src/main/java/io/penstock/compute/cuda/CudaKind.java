package io.penstock.compute.cuda;

import io.penstock.Internal;
import io.penstock.compute.Compute;
import io.penstock.compute.ComputeKind;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * Compute backend of one GPU, for floats in its memory. It is not found by the service loader: who
 * computes on a GPU opens that one. Thread-safe.
 */
@Internal
public final class CudaKind implements ComputeKind {
  private final CudaDevice device;

  /** A backend that computes on this device, which outlives it. */
  public CudaKind(CudaDevice device) {
    this.device = device;
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
    Multiplier multiplier = new TiledMultiplier(launcher);
    return new Compute(
        new CudaProducts(multiplier),
        new CudaRows(launcher),
        new CudaNorms(launcher),
        new CudaWindows(launcher, multiplier),
        new CudaActivations(launcher),
        new CudaRecurrences(launcher),
        new CudaLosses(launcher),
        new CudaUpdates(launcher),
        () -> {
          multiplier.clear();
          launcher.clear();
        });
  }
}
