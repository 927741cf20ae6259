package io.penstock.compute.host.onednn;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC_0;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC_1;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_WEIGHTS;

import io.penstock.Internal;
import io.penstock.compute.Kernels;
import io.penstock.compute.host.onednn.Elements.Pass;
import java.lang.ref.Reference;
import java.util.List;
import org.bytedeco.dnnl.IntMemoryMap;
import org.bytedeco.dnnl.binary;
import org.bytedeco.dnnl.engine;
import org.bytedeco.dnnl.global.dnnl.algorithm;
import org.bytedeco.dnnl.global.dnnl.prop_kind;
import org.bytedeco.dnnl.matmul;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.post_ops;
import org.bytedeco.dnnl.primitive_attr;
import org.bytedeco.dnnl.softmax_backward;
import org.bytedeco.dnnl.softmax_forward;
import org.bytedeco.dnnl.stream;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Kernel of the gradient of the softmax y of every row, y ⊙ g - (Σ y ⊙ g) y, in place. By oneDNN's
 * own where that is compiled; where it has only its reference, below AVX-512, in three passes over
 * memory, which take 0.5 ns a number where that takes 1.3. For one thread.
 */
@Internal
public final class SoftmaxGradient {
  /** Shape that a kernel is compiled for. Immutable. */
  public record Size(long rows, long width) {}

  private final Handle handle = new Handle();
  private final stream stream;
  private final memory kept;
  private final memory numbers;
  private final List<Pass> passes;

  /** Ones that add up rows, and the sums: kept, for oneDNN only points to them. */
  private final FloatPointer ones;

  private final FloatPointer sums;

  /** Returns the kernel for this many rows of this width; compiled if there is none yet. */
  public static SoftmaxGradient of(Kernels kernels, long rows, long width) {
    return kernels.get(SoftmaxGradient.class, rows, width, 0, 0, SoftmaxGradient::compile);
  }

  private static SoftmaxGradient compile(long rows, long width, long third, long fourth) {
    return new SoftmaxGradient(new Size(rows, width));
  }

  /** Compiles the kernel. */
  public SoftmaxGradient(Size size) {
    this(size, true);
  }

  /**
   * Compiles the kernel.
   *
   * @param own whether it may be oneDNN's own
   */
  SoftmaxGradient(Size size, boolean own) {
    engine engine = OneDnn.processor();
    stream = new stream(engine);
    // oneDNN multiplies by one number a channel on every processor: a row is one.
    memory.desc rows = OneDnn.floats(memory.format_tag.abc, 1, size.rows, size.width);
    kept = new memory(rows, engine, (Pointer) null);
    numbers = new memory(rows, engine, (Pointer) null);
    softmax_backward.primitive_desc whole = own ? describe(engine, rows) : null;
    if (whole != null && !OneDnn.isReference(whole)) {
      ones = null;
      sums = null;
      passes = List.of(whole(whole));
    } else {
      ones = new FloatPointer(size.width);
      for (long i = 0; i < size.width; i++) {
        ones.put(i, 1);
      }
      sums = new FloatPointer(size.rows);
      memory.desc column = OneDnn.floats(memory.format_tag.abc, 1, size.width, 1);
      memory.desc each = OneDnn.floats(memory.format_tag.abc, 1, size.rows, 1);
      memory adding = new memory(column, engine, ones);
      memory added = new memory(each, engine, sums);
      primitive_attr alone = new primitive_attr();
      passes =
          List.of(
              product(engine, numbers, kept, alone),
              sum(engine, adding, added),
              product(engine, kept, added, subtracted()));
    }
  }

  private static softmax_backward.primitive_desc describe(engine engine, memory.desc rows) {
    algorithm softmax = algorithm.softmax_accurate;
    return new softmax_backward.primitive_desc(
        engine,
        softmax,
        rows,
        rows,
        rows,
        2,
        new softmax_forward.primitive_desc(
            engine, prop_kind.forward_training, softmax, rows, rows, 2));
  }

  private Pass whole(softmax_backward.primitive_desc described) {
    IntMemoryMap arguments =
        new IntMemoryMap()
            .put(DNNL_ARG_DST, kept)
            .put(DNNL_ARG_DIFF_DST, numbers)
            .put(DNNL_ARG_DIFF_SRC, numbers);
    return new Pass(new softmax_backward(described), arguments, stream);
  }

  /** {@code numbers = a · b}, of {@code b} one number each or one a row, and what follows. */
  private Pass product(engine engine, memory a, memory b, primitive_attr attributes) {
    binary.primitive_desc described =
        new binary.primitive_desc(
            engine,
            algorithm.binary_mul,
            a.get_desc(),
            b.get_desc(),
            numbers.get_desc(),
            attributes,
            false);
    IntMemoryMap arguments =
        new IntMemoryMap().put(DNNL_ARG_SRC_0, a).put(DNNL_ARG_SRC_1, b).put(DNNL_ARG_DST, numbers);
    return new Pass(new binary(described), arguments, stream);
  }

  /** Attributes by which the product is subtracted from what is there. */
  private static primitive_attr subtracted() {
    post_ops operations = new post_ops();
    operations.append_eltwise(algorithm.eltwise_linear, -1, 0);
    operations.append_sum(1, 0, memory.data_type.undef);
    primitive_attr attributes = new primitive_attr();
    attributes.set_post_ops(operations);
    return attributes;
  }

  private Pass sum(engine engine, memory adding, memory added) {
    matmul.primitive_desc described =
        new matmul.primitive_desc(engine, numbers.get_desc(), adding.get_desc(), added.get_desc());
    IntMemoryMap arguments =
        new IntMemoryMap()
            .put(DNNL_ARG_SRC, numbers)
            .put(DNNL_ARG_WEIGHTS, adding)
            .put(DNNL_ARG_DST, added);
    return new Pass(new matmul(described), arguments, stream);
  }

  /**
   * Computes the gradient in place.
   *
   * @param output the softmax, {@code [rows, width]}, densely in 'c' order
   * @param gradient of the output, as it lies; overwritten with that of the input
   */
  public void run(INDArray output, INDArray gradient) {
    handle.give(kept, output);
    handle.give(numbers, gradient);
    for (int i = 0; i < passes.size(); i++) {
      passes.get(i).run();
    }
    Reference.reachabilityFence(output);
    Reference.reachabilityFence(gradient);
  }
}
