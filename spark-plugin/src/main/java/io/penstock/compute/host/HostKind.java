package io.penstock.compute.host;

import io.penstock.Internal;
import io.penstock.compute.Compute;
import io.penstock.compute.ComputeKind;
import io.penstock.compute.Kernels;
import io.penstock.compute.host.onednn.OneDnn;
import io.penstock.compute.plain.PlainConversions;
import io.penstock.compute.plain.PlainKind;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Compute backend of the processor: oneDNN and OpenBLAS, for floats in the host's memory.
 * Stateless: any thread may call.
 */
@Internal
public final class HostKind implements ComputeKind {
  @Override
  public String id() {
    return "host";
  }

  @Override
  public boolean takes(DataType type) {
    return OneDnn.isThere() && type == DataType.FLOAT && Nd4j.getEnvironment().isCPU();
  }

  @Override
  public int preference() {
    return 10;
  }

  @Override
  public Compute open() {
    Kernels kernels = new Kernels();
    Blas blas = new Blas();
    HostRows rows = new HostRows(kernels, blas);
    Compute plain = new PlainKind().open();
    return new Compute(
        new HostProducts(kernels, blas),
        rows,
        new HostNorms(kernels, blas),
        new HostWindows(kernels, plain.windows()),
        new HostActivations(kernels, blas),
        plain.recurrences(),
        new HostLosses(kernels, blas),
        new HostUpdates(kernels, blas, plain.updates()),
        new PlainConversions(rows),
        () -> {
          kernels.clear();
          blas.clear();
          plain.clear();
        });
  }
}
