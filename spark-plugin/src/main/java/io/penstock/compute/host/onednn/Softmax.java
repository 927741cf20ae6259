package io.penstock.compute.host.onednn;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;

import io.penstock.Internal;
import io.penstock.compute.Kernels;
import java.lang.ref.Reference;
import org.bytedeco.dnnl.IntMemoryMap;
import org.bytedeco.dnnl.engine;
import org.bytedeco.dnnl.global.dnnl.algorithm;
import org.bytedeco.dnnl.global.dnnl.prop_kind;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.softmax_forward;
import org.bytedeco.dnnl.stream;
import org.bytedeco.javacpp.Pointer;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Kernel of the softmax of every row. For one thread. */
@Internal
public final class Softmax {
  /** Shape that a kernel is compiled for. Immutable. */
  public record Size(long rows, long width) {}

  private final Handle handle = new Handle();
  private final stream stream;
  private final softmax_forward kernel;
  private final memory input;
  private final memory output;
  private final IntMemoryMap arguments = new IntMemoryMap();

  /** Returns the kernel for this many rows of this width; compiled if there is none yet. */
  public static Softmax of(Kernels kernels, long rows, long width) {
    return kernels.get(Softmax.class, rows, width, 0, 0, Softmax::compile);
  }

  private static Softmax compile(long rows, long width, long third, long fourth) {
    return new Softmax(new Size(rows, width));
  }

  /** Compiles the kernel. */
  public Softmax(Size size) {
    engine engine = OneDnn.processor();
    stream = new stream(engine);
    memory.desc rows = OneDnn.floats(memory.format_tag.nc, size.rows, size.width);
    kernel =
        new softmax_forward(
            new softmax_forward.primitive_desc(
                engine, prop_kind.forward_inference, algorithm.softmax_accurate, rows, rows, 1));
    input = new memory(rows, engine, (Pointer) null);
    output = new memory(rows, engine, (Pointer) null);
    arguments.put(DNNL_ARG_SRC, input).put(DNNL_ARG_DST, output);
  }

  /** Computes the softmax. Both arrays lie densely in 'c' order, and may be the same. */
  public void run(INDArray input, INDArray output) {
    handle.give(this.input, input);
    handle.give(this.output, output);
    kernel.execute(stream, arguments);
    Reference.reachabilityFence(input);
    Reference.reachabilityFence(output);
  }
}
