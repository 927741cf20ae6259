package io.penstock.nn.onednn;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_BIAS;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_WEIGHTS;

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
  private final convolution_forward kernel;
  private final memory input;
  private final memory output;
  private final memory bias;
  private final IntMemoryMap arguments = new IntMemoryMap();

  /** Compiles it. */
  public PackedProduct(Size size) {
    this.size = size;
    engine engine = OneDnn.processor();
    stream = new stream(engine);
    memory.desc rows = rows(size.rows, size.inputs);
    memory.desc results = rows(size.rows, size.outputs);
    memory.desc weights = packedOrder(engine, size.inputs, size.outputs);
    memory.desc offsets = OneDnn.floats(memory.format_tag.x, size.outputs);
    kernel =
        new convolution_forward(
            new convolution_forward.primitive_desc(
                size.bias
                    ? new convolution_forward.desc(
                        prop_kind.forward_inference,
                        algorithm.convolution_direct,
                        rows,
                        weights,
                        offsets,
                        results,
                        STRIDE,
                        PADDING,
                        PADDING)
                    : withoutBias(rows, weights, results),
                engine,
                false));
    input = new memory(rows, engine, (Pointer) null);
    output = new memory(results, engine, (Pointer) null);
    bias = size.bias ? new memory(offsets, engine, (Pointer) null) : null;
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
   * {@code output = input · weights + bias}.
   *
   * @param input {@code [rows, inputs]}, densely in 'c' order
   * @param weights {@code [inputs, outputs]}
   * @param bias {@code [outputs]}, null if the kernel has none
   * @param output {@code [rows, outputs]}, densely in 'c' order; overwritten
   */
  public void run(INDArray input, PackedMatrix weights, INDArray bias, INDArray output) {
    this.input.set_data_handle(OneDnn.pointer(input));
    this.output.set_data_handle(OneDnn.pointer(output));
    if (size.bias) {
      this.bias.set_data_handle(OneDnn.pointer(bias));
    }
    arguments.put(DNNL_ARG_WEIGHTS, weights.memory());
    kernel.execute(stream, arguments);
  }

  /** The order that oneDNN chooses for so large a matrix, whatever the number of rows. */
  static memory.desc packedOrder(engine engine, long inputs, long outputs) {
    memory.desc any = OneDnn.floats(memory.format_tag.any, outputs, inputs, 1, 1);
    return new convolution_forward.primitive_desc(
            withoutBias(rows(64, inputs), any, rows(64, outputs)), engine, false)
        .weights_desc();
  }

  private static convolution_forward.desc withoutBias(
      memory.desc rows, memory.desc weights, memory.desc results) {
    return new convolution_forward.desc(
        prop_kind.forward_inference,
        algorithm.convolution_direct,
        rows,
        weights,
        results,
        STRIDE,
        PADDING,
        PADDING);
  }

  /** Rows as the pixels of one picture that is as high as there are rows. */
  private static memory.desc rows(long rows, long width) {
    return OneDnn.floats(memory.format_tag.nhwc, 1, width, rows, 1);
  }
}
