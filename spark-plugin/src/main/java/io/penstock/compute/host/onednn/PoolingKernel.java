package io.penstock.compute.host.onednn;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_WORKSPACE;

import io.penstock.Internal;
import io.penstock.compute.Kernels;
import java.lang.ref.Reference;
import org.bytedeco.dnnl.engine;
import org.bytedeco.dnnl.global.dnnl.algorithm;
import org.bytedeco.dnnl.global.dnnl.prop_kind;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.pooling_backward;
import org.bytedeco.dnnl.pooling_forward;
import org.bytedeco.javacpp.Pointer;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Kernel of max and average pooling, without the padding, and of its gradient. For one thread. */
@Internal
public final class PoolingKernel {
  /** Geometry that a kernel is compiled for, with the maximum or the mean. Immutable. */
  public record Size(WindowGeometry geometry, boolean max) {}

  private static final memory.format_tag PLAIN = memory.format_tag.nchw;

  /** No gaps between the numbers of a window. */
  private static final long[] CLOSE = {0, 0};

  private final Handle handle = new Handle();
  private final memory places;
  private final long placesBytes;
  private final BoundPrimitive forward;
  private final BoundPrimitive backward;

  /** Compiles both directions. */
  public PoolingKernel(Size size) {
    engine engine = OneDnn.processor();
    WindowGeometry geometry = size.geometry;
    memory.desc pictures = geometry.pictures(PLAIN);
    memory.desc results = geometry.places(PLAIN, geometry.channels());
    memory.format_tag order = WindowGeometry.quickOrder(geometry.channels());
    memory.desc quickPictures = geometry.pictures(order);
    memory.desc quickResults = geometry.places(order, geometry.channels());
    algorithm kind = size.max ? algorithm.pooling_max : algorithm.pooling_avg_exclude_padding;
    pooling_forward.primitive_desc there =
        new pooling_forward.primitive_desc(
            engine,
            prop_kind.forward_training,
            kind,
            quickPictures,
            quickResults,
            geometry.stride(),
            geometry.window(),
            CLOSE,
            geometry.before(),
            geometry.after());
    pooling_backward.primitive_desc back =
        new pooling_backward.primitive_desc(
            engine,
            kind,
            quickPictures,
            quickResults,
            geometry.stride(),
            geometry.window(),
            CLOSE,
            geometry.before(),
            geometry.after(),
            there);
    forward =
        new BoundPrimitive(engine, new pooling_forward(there))
            .reads(DNNL_ARG_SRC, pictures, quickPictures)
            .writes(DNNL_ARG_DST, results, quickResults);
    backward =
        new BoundPrimitive(engine, new pooling_backward(back))
            .reads(DNNL_ARG_DIFF_DST, results, quickResults)
            .writes(DNNL_ARG_DIFF_SRC, pictures, quickPictures);
    placesBytes = size.max ? there.workspace_desc().get_size() : 0;
    places = size.max ? new memory(there.workspace_desc(), engine, (Pointer) null) : null;
    if (size.max) {
      forward.takes(DNNL_ARG_WORKSPACE, places);
      backward.takes(DNNL_ARG_WORKSPACE, places);
    }
  }

  /**
   * Returns the length, in floats, of the array that keeps the places of the largest numbers; 0 for
   * means.
   */
  public long placesLength() {
    return (placesBytes + Float.BYTES - 1) / Float.BYTES;
  }

  /**
   * Pools the input. All arrays lie densely in 'c' order.
   *
   * @param output overwritten
   * @param places room for the places of the largest numbers; null for means
   */
  public void forward(INDArray input, INDArray output, INDArray places, Kernels kernels) {
    keep(places);
    forward.run(Scratch.of(kernels), input, output);
    Reference.reachabilityFence(places);
  }

  /**
   * Computes the gradient with respect to the input.
   *
   * @param places what the forward left there
   * @param inputGradient overwritten
   */
  public void backward(
      INDArray outputGradient, INDArray places, INDArray inputGradient, Kernels kernels) {
    keep(places);
    backward.run(Scratch.of(kernels), outputGradient, inputGradient);
    Reference.reachabilityFence(places);
  }

  private void keep(INDArray there) {
    if (places != null) {
      handle.give(places, there);
    }
  }
}
