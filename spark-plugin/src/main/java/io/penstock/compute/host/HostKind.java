package io.penstock.compute.host;

import io.penstock.compute.Compute;
import io.penstock.compute.Kernels;
import io.penstock.compute.Kind;
import io.penstock.compute.Rows;
import io.penstock.compute.host.onednn.OneDnn;
import io.penstock.compute.plain.PlainKind;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;

/** The processor's kernels, for floats in the host's memory. */
public final class HostKind implements Kind {
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
    Ones ones = new Ones();
    Rows rows = new HostRows(ones);
    Compute plain = new PlainKind().open();
    return new Compute(
        new HostProducts(kernels, rows),
        rows,
        new HostNorms(kernels, rows),
        new HostWindows(kernels, plain.windows()),
        new HostActivations(kernels, rows),
        plain.recurrences(),
        new HostLosses(kernels),
        new HostUpdates(kernels, plain.updates()),
        () -> {
          kernels.clear();
          ones.clear();
          plain.clear();
        });
  }
}
