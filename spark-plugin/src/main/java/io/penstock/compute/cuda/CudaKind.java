package io.penstock.compute.cuda;

import io.penstock.Internal;
import io.penstock.compute.Compute;
import io.penstock.compute.ComputeKind;
import io.penstock.compute.ComputePrecision;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * Compute backend of one GPU, for floats in its memory. It is not found by the service loader: who
 * computes on a GPU opens that one. Thread-safe.
 */
@Internal
public final class CudaKind implements ComputeKind {
  private final CudaDevice device;
  private final ComputePrecision precision;
  private final Consumer<String> told;

  /** A backend that computes on this device, which outlives it, in float32. */
  public CudaKind(CudaDevice device) {
    this(device, ComputePrecision.FLOAT32);
  }

  /**
   * A backend that computes on this device, which outlives it.
   *
   * @param precision of matrix products and convolutions
   */
  public CudaKind(CudaDevice device, ComputePrecision precision) {
    this(device, precision, words -> {});
  }

  /**
   * A backend that tells what turns out while it computes.
   *
   * @param told sentences for whoever trains; any thread calls it
   */
  CudaKind(CudaDevice device, ComputePrecision precision, Consumer<String> told) {
    this.device = device;
    this.precision = precision;
    this.told = told;
  }

  /**
   * Warning that matrix products or convolutions are slow here, with what to do; empty if they are
   * not.
   */
  public Optional<String> complaint() {
    return Stream.of(
            CublasLibrary.load(device).complaint(precision), CudnnLibrary.load(device).complaint())
        .flatMap(Optional::stream)
        .reduce((products, convolutions) -> products + " " + convolutions);
  }

  /** Returns whether a library of NVIDIA's multiplies matrices or convolves here. */
  public boolean hasLibrary() {
    return CublasLibrary.load(device).isThere() || CudnnLibrary.load(device).isThere();
  }

  /**
   * Names of the libraries that multiply matrices and convolve, on which the bits of results
   * depend.
   */
  public String products() {
    String products = CublasLibrary.load(device).products(precision);
    return CudnnLibrary.load(device)
        .convolutions(precision)
        .map(convolutions -> products + ", " + convolutions)
        .orElse(products);
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
    Convolver convolver = Convolver.open(device, launcher, precision, multiplier, told);
    return new Compute(
        new CudaProducts(multiplier),
        new CudaRows(launcher),
        new CudaNorms(launcher),
        new CudaWindows(launcher, convolver),
        new CudaActivations(launcher),
        new CudaRecurrences(launcher),
        new CudaLosses(launcher),
        new CudaUpdates(launcher),
        new CudaConversions(launcher),
        () -> {
          convolver.clear();
          multiplier.clear();
          launcher.clear();
        });
  }
}
