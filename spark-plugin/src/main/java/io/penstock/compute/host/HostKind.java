package io.penstock.compute.host;

import io.penstock.compute.Compute;
import io.penstock.compute.Kind;
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
    return type == DataType.FLOAT && Nd4j.getEnvironment().isCPU();
  }

  @Override
  public int preference() {
    return 10;
  }

  @Override
  public Compute open() {
    return new HostCompute();
  }
}
