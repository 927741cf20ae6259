package io.penstock.compute.cuda;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Kernels that lay a convolution's filter out as a library reads it: output by output, where ours
 * lie outputs fastest. For one thread.
 */
final class FilterKernels {
  private final Launcher launcher;

  FilterKernels(Launcher launcher) {
    this.launcher = launcher;
  }

  /**
   * Lays a filter out.
   *
   * @param sides outputs, channels, and the window's height and width
   */
  void layOut(INDArray filter, long[] sides, INDArray byOutputs) {
    launch("filter_by_outputs", filter, sides, byOutputs);
  }

  /** Adds a gradient that is laid out so to one that lies as filters do. */
  void add(INDArray byOutputs, long[] sides, INDArray filter) {
    launch("filter_add_by_outputs", byOutputs, sides, filter);
  }

  private void launch(String kernel, INDArray from, long[] sides, INDArray to) {
    launcher
        .kernel(kernel)
        .array(from)
        .array(to)
        .whole(from.length())
        .whole(sides[0])
        .whole(sides[1])
        .whole(sides[2])
        .whole(sides[3])
        .each(from.length());
  }
}
