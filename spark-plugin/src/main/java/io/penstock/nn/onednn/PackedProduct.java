package io.penstock.nn.onednn;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_BIAS;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_WEIGHTS;

import java.util.List;
import org.bytedeco.dnnl.IntMemoryMap;
import org.bytedeco.dnnl.convolution_forward;
import org.bytedeco.dnnl.engine;
import org.bytedeco.dnnl.global.dnnl.algorithm;
import org.bytedeco.dnnl.global.dnnl.prop_kind;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.stream;
import org.bytedeco.javacpp.Pointer;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Rows times a packed matrix, plus a bias: oneDNN's convolution of single pixels, whose kernel runs
 * at the rate of a large product with as few as 64 rows (64 x 1024 x 1024 on one core: 93 GFLOP/s,
 * where OpenBLAS makes 63 and a product of 2048 x 2048 x 2048 makes 93). For one thread.
 */
public final class PackedProduct {
  private static final long[] STRIDE = {1, 1};
  private static final long[] PADDING = {0, 0};

  /** Channels that go through the machine's registers together; others would be padded. */
  private static final long GROUP = 8;

  /** What a kernel is compiled for. */
  public record Size(long rows, long inputs, long outputs, boolean bias) {}

  private final Size size;
  private final stream stream;
  private final convolution_forward.primitive_desc compiled;
  private final convolution_forward kernel;
  private final boolean reference;
  private final List<Long> weightsOrder;
  private final memory input;
  private final memory output;
  private final memory bias;
  private final IntMemoryMap arguments = new IntMemoryMap();

  /** Compiles it for these rows; the order of the weights is the one that suits them best. */
  public PackedProduct(Size size) {
    this.size = size;
    engine engine = OneDnn.processor();
    stream = new stream(engine);
    compiled = new convolution_forward.primitive_desc(describe(size), engine, false);
    kernel = new convolution_forward(compiled);
    reference = OneDnn.isReference(compiled);
    weightsOrder = PackedWeights.order(compiled.weights_desc());
    input = new memory(compiled.src_desc(), engine, (Pointer) null);
    output = new memory(compiled.dst_desc(), engine, (Pointer) null);
    bias = size.bias ? new memory(offsets(size), engine, (Pointer) null) : null;
    arguments.put(DNNL_ARG_SRC, input).put(DNNL_ARG_DST, output);
    if (size.bias) {
      arguments.put(DNNL_ARG_BIAS, bias);
    }
  }

  /** Whether the kernel is good for such a matrix; its answer depends on nothing else. */
  public static boolean suits(long inputs, long outputs) {
    return inputs % GROUP == 0 && outputs % GROUP == 0;
  }

  /**
   * Whether oneDNN had nothing for this size but its reference implementation; then a product of
   * BLAS is by far the faster.
   */
  public boolean isReference() {
    return reference;
  }

  /**
   * The order in which this kernel reads weights: a key that kernels of other numbers of rows may
   * share, and need not.
   */
  public List<Long> weightsOrder() {
    return weightsOrder;
  }

  /**
   * Room for a matrix {@code [inputs, outputs]} in the order of {@link #weightsOrder}; it holds
   * nothing before it is packed.
   *
   * @param transposed false if the plain matrix lies column by column, true if row by row
   */
  public PackedWeights weights(boolean transposed) {
    memory.format_tag order = transposed ? memory.format_tag.iohw : memory.format_tag.oihw;
    return new PackedWeights(matrix(size, order), compiled.weights_desc());
  }

  /**
   * {@code output = input · weights + bias}.
   *
   * @param input {@code [rows, inputs]}, densely in 'c' order
   * @param weights {@code [inputs, outputs]}, in the order of {@link #weightsOrder}
   * @param bias {@code [outputs]}, null if the kernel has none
   * @param output {@code [rows, outputs]}, densely in 'c' order; overwritten
   */
  public void run(INDArray input, PackedWeights weights, INDArray bias, INDArray output) {
    this.input.set_data_handle(OneDnn.pointer(input));
    this.output.set_data_handle(OneDnn.pointer(output));
    if (size.bias) {
      this.bias.set_data_handle(OneDnn.pointer(bias));
    }
    arguments.put(DNNL_ARG_WEIGHTS, weights.memory());
    kernel.execute(stream, arguments);
  }

  private static convolution_forward.desc describe(Size size) {
    memory.desc rows = rows(size.rows, size.inputs);
    memory.desc weights = matrix(size, memory.format_tag.any);
    memory.desc results = rows(size.rows, size.outputs);
    prop_kind kind = prop_kind.forward_inference;
    algorithm direct = algorithm.convolution_direct;
    return size.bias
        ? new convolution_forward.desc(
            kind, direct, rows, weights, offsets(size), results, STRIDE, PADDING, PADDING)
        : new convolution_forward.desc(
            kind, direct, rows, weights, results, STRIDE, PADDING, PADDING);
  }

  private static memory.desc matrix(Size size, memory.format_tag order) {
    return OneDnn.floats(order, size.outputs, size.inputs, 1, 1);
  }

  private static memory.desc offsets(Size size) {
    return OneDnn.floats(memory.format_tag.x, size.outputs);
  }

  /** Rows as the pixels of one picture that is as high as there are rows. */
  private static memory.desc rows(long rows, long width) {
    return OneDnn.floats(memory.format_tag.nhwc, 1, width, rows, 1);
  }
}
