package io.penstock.compute.host;

import static org.bytedeco.dnnl.global.dnnl.dnnl_version;

import io.penstock.compute.Compute;
import io.penstock.compute.Kind;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;

/** The processor's kernels, for floats in the host's memory. */
public final class HostKind implements Kind {
  private static final boolean LOADED = isLoaded();

  private static boolean isLoaded() {
    try {
      return dnnl_version() != null;
    } catch (LinkageError e) {
      // oneDNN has no build for this platform.
      return false;
    }
  }

  @Override
  public String id() {
    return "host";
  }

  @Override
  public boolean takes(DataType type) {
    return LOADED && type == DataType.FLOAT && Nd4j.getEnvironment().isCPU();
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
