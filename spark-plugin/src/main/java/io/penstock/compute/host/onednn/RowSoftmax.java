package io.penstock.compute.host.onednn;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;

import java.lang.ref.Reference;
import org.bytedeco.dnnl.IntMemoryMap;
import org.bytedeco.dnnl.engine;
import org.bytedeco.dnnl.global.dnnl.algorithm;
import org.bytedeco.dnnl.global.dnnl.prop_kind;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.softmax_backward;
import org.bytedeco.dnnl.softmax_forward;
import org.bytedeco.dnnl.stream;
import org.bytedeco.javacpp.Pointer;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The softmax of every row and its gradient, both in place. For one thread. */
public final class RowSoftmax {
  /** What a kernel is compiled for. */
  public record Size(long rows, long width) {}

  private final Handle handle = new Handle();
  private final stream stream;
  private final softmax_forward forward;
  private final softmax_backward backward;
  private final memory numbers;
  private final memory kept;
  private final IntMemoryMap forwardArguments = new IntMemoryMap();
  private final IntMemoryMap backwardArguments = new IntMemoryMap();

  /** Compiles both directions. */
  public RowSoftmax(Size size) {
    engine engine = OneDnn.processor();
    stream = new stream(engine);
    memory.desc rows = OneDnn.floats(memory.format_tag.ab, size.rows, size.width);
    softmax_forward.primitive_desc described =
        new softmax_forward.primitive_desc(
            engine, prop_kind.forward_training, algorithm.softmax_accurate, rows, rows, 1);
    forward = new softmax_forward(described);
    backward =
        new softmax_backward(
            new softmax_backward.primitive_desc(
                engine, algorithm.softmax_accurate, rows, rows, rows, 1, described));
    numbers = new memory(rows, engine, (Pointer) null);
    kept = new memory(rows, engine, (Pointer) null);
    forwardArguments.put(DNNL_ARG_SRC, numbers).put(DNNL_ARG_DST, numbers);
    backwardArguments
        .put(DNNL_ARG_DST, kept)
        .put(DNNL_ARG_DIFF_DST, numbers)
        .put(DNNL_ARG_DIFF_SRC, numbers);
  }

  /**
   * @param numbers {@code [rows, width]}, densely in 'c' order; overwritten with the result
   */
  public void forward(INDArray numbers) {
    handle.give(this.numbers, numbers);
    forward.execute(stream, forwardArguments);
    Reference.reachabilityFence(numbers);
  }

  /**
   * @param output the forward's result
   * @param gradient of the output, as it lies; overwritten with that of the input
   */
  public void backward(INDArray output, INDArray gradient) {
    handle.give(kept, output);
    handle.give(numbers, gradient);
    backward.execute(stream, backwardArguments);
    Reference.reachabilityFence(output);
    Reference.reachabilityFence(gradient);
  }
}
