package io.penstock.compute.host.onednn;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_BIAS;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_BIAS;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_WEIGHTS;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_WEIGHTS;

import io.penstock.Internal;
import io.penstock.compute.Kernels;
import java.lang.ref.Reference;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.dnnl.convolution_backward_data;
import org.bytedeco.dnnl.convolution_backward_weights;
import org.bytedeco.dnnl.convolution_forward;
import org.bytedeco.dnnl.engine;
import org.bytedeco.dnnl.global.dnnl.algorithm;
import org.bytedeco.dnnl.global.dnnl.prop_kind;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.primitive_desc_base;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Kernel of a convolution and its two gradients on pictures in plain order ([rows, channels,
 * height, width]); inside, oneDNN's kernels choose the memory order that suits them. For one
 * thread.
 */
@Internal
public final class ConvolutionKernel {
  /** Shape that a kernel is compiled for: geometry, output channels, bias or none. Immutable. */
  public record Size(WindowGeometry geometry, long outputs, boolean bias) {
    /** Returns whether all channels fill registers; then kernels choose well for themselves. */
    private boolean inGroups() {
      return geometry.channels() % WindowGeometry.GROUP == 0 && outputs % WindowGeometry.GROUP == 0;
    }

    /** Returns whether there are too few channels, as in a grey picture, to fill a register. */
    private boolean few() {
      return geometry.channels() < WindowGeometry.GROUP;
    }

    /** Memory order of input and output; measured, the ways from and to plain order included. */
    private memory.format_tag forwardOrder() {
      return inGroups() || few() ? ANY : memory.format_tag.nhwc;
    }

    private memory.format_tag inputGradientOrder() {
      return few() ? PLAIN : forwardOrder();
    }

    /**
     * Returns whether to fill up a grey picture with empty channels, for which there is a kernel 16
     * times as fast.
     */
    private boolean padded() {
      return geometry.channels() == 1 && outputs % WindowGeometry.GROUP == 0;
    }

    /**
     * Returns whether single pixels with few channels are taken and others skipped. oneDNN 3.11's
     * kernel for single pixels writes past its own memory then (uxlfoundation/oneDNN issue 6035).
     */
    private boolean skipsPixels() {
      boolean single = Arrays.equals(geometry.window(), new long[] {1, 1});
      boolean skips = Arrays.stream(geometry.stride()).anyMatch(stride -> stride > 1);
      return single && skips && geometry.channels() < 2 * WindowGeometry.GROUP;
    }

    /** Memory order of the weight gradient's input; one channel lies plainly in any order. */
    private memory.format_tag weightGradientInput() {
      if (padded()) {
        return GROUPED;
      }
      return few() ? PLAIN : forwardOrder();
    }

    /** Memory order of the weight gradient's output gradient. */
    private memory.format_tag weightGradientOutput() {
      if (padded()) {
        return GROUPED;
      }
      return few() ? ANY : forwardOrder();
    }
  }

  private static final memory.format_tag ANY = memory.format_tag.any;
  private static final memory.format_tag PLAIN = memory.format_tag.nchw;
  private static final memory.format_tag GROUPED = memory.format_tag.nChw8c;

  private final Size size;
  private final engine engine = OneDnn.processor();
  private final memory.desc offsets;
  private final convolution_forward.primitive_desc forward;
  private final convolution_backward_data.primitive_desc backward;
  private final boolean reference;
  private final List<Long> forwardFilter;
  private final List<Long> inputGradientFilter;
  private final BoundPrimitive output;

  /** The input gradient's kernel, compiled at first use: a network's first layer has none. */
  private BoundPrimitive inputGradient;

  private BoundPrimitive weightGradient;

  /** Compiles the forward kernel. */
  public ConvolutionKernel(Size size) {
    this.size = size;
    offsets = OneDnn.floats(memory.format_tag.x, size.outputs);
    forward = OneDnn.notReference(this::compileForward, size.forwardOrder(), PLAIN);
    backward = OneDnn.notReference(this::compileBackward, size.inputGradientOrder(), PLAIN);
    reference = OneDnn.isReference(forward) || OneDnn.isReference(backward);
    forwardFilter = PackedWeights.order(packedFilter(false));
    inputGradientFilter = PackedWeights.order(packedFilter(true));
    output =
        new BoundPrimitive(engine, new convolution_forward(forward))
            .readsPacked(DNNL_ARG_WEIGHTS, forward.weights_desc())
            .reads(DNNL_ARG_SRC, size.geometry.pictures(PLAIN), forward.src_desc())
            .writes(DNNL_ARG_DST, places(), forward.dst_desc());
    if (size.bias) {
      output.reads(DNNL_ARG_BIAS, offsets, offsets);
    }
  }

  private convolution_forward.primitive_desc compileForward(memory.format_tag order) {
    memory.desc pictures = size.geometry.pictures(order);
    memory.desc places = size.geometry.places(order, size.outputs);
    long[] stride = size.geometry.stride();
    long[] before = size.geometry.before();
    long[] after = size.geometry.after();
    prop_kind kind = prop_kind.forward_training;
    algorithm direct = algorithm.convolution_direct;
    memory.desc filter = anyFilter();
    return size.bias
        ? new convolution_forward.primitive_desc(
            engine, kind, direct, pictures, filter, offsets, places, stride, before, after)
        : new convolution_forward.primitive_desc(
            engine, kind, direct, pictures, filter, places, stride, before, after);
  }

  private convolution_backward_data.primitive_desc compileBackward(memory.format_tag order) {
    return new convolution_backward_data.primitive_desc(
        engine,
        algorithm.convolution_direct,
        size.geometry.pictures(order),
        anyFilter(),
        size.geometry.places(order, size.outputs),
        size.geometry.stride(),
        size.geometry.before(),
        size.geometry.after(),
        forward);
  }

  private BoundPrimitive compileInputGradient() {
    return new BoundPrimitive(engine, new convolution_backward_data(backward))
        .readsPacked(DNNL_ARG_WEIGHTS, backward.weights_desc())
        .reads(DNNL_ARG_DIFF_DST, places(), backward.diff_dst_desc())
        .writes(DNNL_ARG_DIFF_SRC, size.geometry.pictures(PLAIN), backward.diff_src_desc());
  }

  private BoundPrimitive compileWeightGradient() {
    convolution_backward_weights.primitive_desc kernel =
        OneDnn.notReference(
            sides -> compileWeightGradient(sides.input, sides.output),
            new Sides(size.weightGradientInput(), size.weightGradientOutput()),
            new Sides(PLAIN, PLAIN));
    BoundPrimitive primitive =
        new BoundPrimitive(engine, new convolution_backward_weights(kernel))
            .reads(DNNL_ARG_SRC, size.geometry.pictures(PLAIN), kernel.src_desc())
            .reads(DNNL_ARG_DIFF_DST, places(), kernel.diff_dst_desc())
            .adds(DNNL_ARG_DIFF_WEIGHTS, plainFilter(), kernel.diff_weights_desc());
    return size.bias ? primitive.adds(DNNL_ARG_DIFF_BIAS, offsets, offsets) : primitive;
  }

  /** Memory orders of the two arrays that a weight gradient is made of. */
  private record Sides(memory.format_tag input, memory.format_tag output) {}

  private convolution_backward_weights.primitive_desc compileWeightGradient(
      memory.format_tag inputOrder, memory.format_tag outputOrder) {
    memory.desc pictures = size.geometry.pictures(inputOrder);
    memory.desc places = size.geometry.places(outputOrder, size.outputs);
    long[] stride = size.geometry.stride();
    long[] before = size.geometry.before();
    long[] after = size.geometry.after();
    algorithm direct = algorithm.convolution_direct;
    memory.desc filter = anyFilter();
    convolution_backward_weights.primitive_desc compiled =
        size.bias
            ? new convolution_backward_weights.primitive_desc(
                engine, direct, pictures, filter, offsets, places, stride, before, after, forward)
            : new convolution_backward_weights.primitive_desc(
                engine, direct, pictures, filter, places, stride, before, after, forward);
    while (size.skipsPixels() && isOfPixels(compiled)) {
      if (!compiled.next_impl()) {
        throw new IllegalStateException("oneDNN has no other weight gradient of " + size + ".");
      }
    }
    return compiled;
  }

  private static boolean isOfPixels(primitive_desc_base compiled) {
    return compiled.impl_info_str().getString().startsWith("jit_1x1");
  }

  /**
   * Returns whether oneDNN had nothing for the convolution or its input gradient but its reference
   * implementation, in any order; then ND4J's operation is by far the faster.
   */
  public boolean isReference() {
    return reference;
  }

  /** Returns the memory order of the forward's weights, or the input gradient's; a key. */
  public List<Long> filterOrder(boolean forInputGradient) {
    return forInputGradient ? inputGradientFilter : forwardFilter;
  }

  /** Allocates room for weights in {@link #filterOrder}. */
  public PackedWeights filter(boolean forInputGradient) {
    return new PackedWeights(plainFilter(), packedFilter(forInputGradient));
  }

  /**
   * Computes the convolution.
   *
   * @param input {@code [rows, channels, height, width]}, densely in 'c' order
   * @param bias {@code [outputs]}, null if the kernel has none
   * @param output {@code [rows, outputs, ...]}, densely in 'c' order; overwritten
   */
  public void forward(
      INDArray input, PackedWeights weights, INDArray bias, INDArray output, Kernels kernels) {
    this.output.hand(weights);
    Scratch scratch = Scratch.of(kernels);
    if (size.bias) {
      this.output.run(scratch, input, output, bias);
    } else {
      this.output.run(scratch, input, output);
    }
    Reference.reachabilityFence(weights);
  }

  /** Computes the gradient with respect to the input, in plain order; overwritten. */
  public void inputGradient(
      INDArray outputGradient, PackedWeights weights, INDArray inputGradient, Kernels kernels) {
    if (this.inputGradient == null) {
      this.inputGradient = compileInputGradient();
    }
    this.inputGradient.hand(weights).run(Scratch.of(kernels), outputGradient, inputGradient);
    Reference.reachabilityFence(weights);
  }

  /**
   * Adds the gradients with respect to the weights and the bias.
   *
   * @param weights {@code [outputs, channels, height, width]} of the window, in 'f' order
   * @param bias {@code [outputs]}, null if the kernel has none
   */
  public void weightGradient(
      INDArray input, INDArray outputGradient, INDArray weights, INDArray bias, Kernels kernels) {
    if (weightGradient == null) {
      weightGradient = compileWeightGradient();
    }
    Scratch scratch = Scratch.of(kernels);
    if (size.bias) {
      weightGradient.run(scratch, input, outputGradient, weights, bias);
    } else {
      weightGradient.run(scratch, input, outputGradient, weights);
    }
  }

  private memory.desc packedFilter(boolean forInputGradient) {
    return forInputGradient ? backward.weights_desc() : forward.weights_desc();
  }

  private memory.desc places() {
    return size.geometry.places(PLAIN, size.outputs);
  }

  private memory.desc anyFilter() {
    return OneDnn.floats(ANY, filterDims());
  }

  private memory.desc plainFilter() {
    long[] dims = filterDims();
    long[] strides = {1, dims[0], dims[0] * dims[1], dims[0] * dims[1] * dims[2]};
    return new memory.desc(dims, memory.data_type.f32, strides, false);
  }

  private long[] filterDims() {
    long[] window = size.geometry.window();
    return new long[] {size.outputs, size.geometry.channels(), window[0], window[1]};
  }
}
