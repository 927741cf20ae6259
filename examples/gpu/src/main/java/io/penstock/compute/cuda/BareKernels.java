package io.penstock.compute.cuda;

import com.sun.jna.ptr.IntByReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Kernels of a device that no family of operations has, or only beside a library; and which kernels
 * there are, and ran. For one thread.
 */
public final class BareKernels implements AutoCloseable {
  private final CudaDevice device;
  private final StreamLauncher launcher;

  /** The kernels of a device. */
  public BareKernels(CudaDevice device) {
    this.device = device;
    this.launcher = new StreamLauncher(device);
  }

  /** Returns the names of all kernels that were compiled. */
  public static Set<String> names() {
    Set<String> names = new TreeSet<>();
    Ptx.all().forEach(file -> names.addAll(file.parameters().keySet()));
    return names;
  }

  /** Returns the version of CUDA that the driver speaks, such as {@code 13.0}. */
  public static String cuda() {
    IntByReference version = new IntByReference();
    CudaException.check(Driver.cuDriverGetVersion(version), "cuDriverGetVersion", "this machine");
    return version.getValue() / 1000 + "." + version.getValue() % 1000 / 10;
  }

  /** Returns the names of the kernels that were asked for since this was last called. */
  public Set<String> asked() {
    return device.kernels().takeAsked();
  }

  /** Loads all kernels, and returns what the driver says of those that it does not load. */
  public List<String> load() {
    List<String> refusals = new ArrayList<>();
    for (String name : names()) {
      try {
        device.kernels().get(name);
      } catch (CudaException refused) {
        refusals.add("kernel " + name + " does not load: " + refused.getMessage());
      }
    }
    return refusals;
  }

  /** Copies numbers by the kernel that brings a product's matrices to another address. */
  public void copy(INDArray from, INDArray to) {
    launcher.kernel("product_copy").array(from).array(to).whole(to.length()).each(to.length());
  }

  /** Adds a vector to each row of a product's result, as is done where a library cannot. */
  public void addBias(INDArray matrix, INDArray bias) {
    launcher
        .kernel("product_add_bias")
        .array(matrix)
        .array(bias)
        .whole(matrix.length())
        .whole(matrix.size(0))
        .whole(matrix.size(1))
        .whole(matrix.size(1))
        .whole(0)
        .whole(1)
        .whole(1)
        .whole(0)
        .whole(0)
        .each(matrix.length());
  }

  /** Lays a filter out as cuDNN reads it; sides are outputs, channels, height and width. */
  public void layOut(INDArray filter, long[] sides, INDArray byOutputs) {
    new FilterKernels(launcher).layOut(filter, sides, byOutputs);
  }

  /** Adds a gradient that is laid out so to one that lies as filters do. */
  public void addLaidOut(INDArray byOutputs, long[] sides, INDArray filter) {
    new FilterKernels(launcher).add(byOutputs, sides, filter);
  }

  @Override
  public void close() {
    launcher.clear();
  }
}
