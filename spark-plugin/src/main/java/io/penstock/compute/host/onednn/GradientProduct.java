package io.penstock.compute.host.onednn;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_WEIGHTS;

import io.penstock.Internal;
import java.lang.ref.Reference;
import org.bytedeco.dnnl.IntMemoryMap;
import org.bytedeco.dnnl.engine;
import org.bytedeco.dnnl.matmul;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.post_ops;
import org.bytedeco.dnnl.primitive_attr;
import org.bytedeco.dnnl.stream;
import org.bytedeco.javacpp.Pointer;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Kernel of a matrix product's weight gradient, added to the sum of earlier micro-batches: {@code
 * sum += inputᵀ · outputGradient}. For one thread.
 */
@Internal
public final class GradientProduct {
  private static final boolean WIDE = OneDnn.isWide();

  /**
   * Multiplications from which on oneDNN is the quicker; measured on Zen 4, as is what follows. Up
   * to 10⁶ OpenBLAS has kernels for small products with AVX-512, and none below.
   */
  private static final long LEAST = WIDE ? 1_000_000 : 65_536;

  /**
   * Numbers of the sum up to which oneDNN is the quicker: a larger one comes from memory, for which
   * BLAS waits less.
   */
  private static final long MOST = WIDE ? 1 << 18 : 1 << 17;

  /** Rows from which on even a larger sum is worth it. */
  private static final long MANY = WIDE ? 256 : Long.MAX_VALUE;

  /** Inputs from which on registers are filled. */
  private static final long THIN = 64;

  private static final long REGISTER = 16;

  /** Shape that a kernel is compiled for. Immutable. */
  public record Size(long rows, long inputs, long outputs) {}

  private final Handle handle = new Handle();
  private final stream stream;
  private final matmul kernel;
  private final boolean quick;
  private final memory input;
  private final memory gradient;
  private final memory sum;
  private final IntMemoryMap arguments;

  /**
   * Returns whether the kernel is the quick one for such a gradient, rather than one of BLAS;
   * follows from the shape and the instruction set alone.
   */
  public static boolean suits(long rows, long inputs, long outputs) {
    return rows * inputs * outputs >= LEAST
        && (inputs * outputs <= MOST || rows >= MANY)
        && (inputs >= THIN || inputs % REGISTER == 0);
  }

  /** Compiles the kernel. */
  public GradientProduct(Size size) {
    engine engine = OneDnn.processor();
    stream = new stream(engine);
    // As the transposed, which lies row by row: of another order no kernel adds to a sum.
    memory.desc rows = OneDnn.floats(memory.format_tag.ba, size.outputs, size.rows);
    memory.desc columns = OneDnn.floats(memory.format_tag.ab, size.rows, size.inputs);
    memory.desc result = OneDnn.floats(memory.format_tag.ab, size.outputs, size.inputs);
    post_ops after = new post_ops();
    after.append_sum();
    primitive_attr attributes = new primitive_attr();
    attributes.set_post_ops(after);
    matmul.primitive_desc compiled =
        new matmul.primitive_desc(engine, rows, columns, result, attributes, false);
    String name = compiled.impl_info_str().getString();
    quick = !OneDnn.isReference(name) && name.contains("avx512") == WIDE;
    kernel = new matmul(compiled);
    gradient = new memory(rows, engine, (Pointer) null);
    input = new memory(columns, engine, (Pointer) null);
    sum = new memory(result, engine, (Pointer) null);
    arguments =
        new IntMemoryMap()
            .put(DNNL_ARG_SRC, gradient)
            .put(DNNL_ARG_WEIGHTS, input)
            .put(DNNL_ARG_DST, sum);
  }

  /**
   * Returns whether oneDNN had a kernel for this size that uses the processor's widest registers;
   * if not, a product of BLAS is the faster.
   */
  public boolean isQuick() {
    return quick;
  }

  /**
   * Adds the gradient.
   *
   * @param input {@code [rows, inputs]}, densely in 'c' order
   * @param outputGradient {@code [rows, outputs]}, densely in 'c' order
   * @param sum {@code [inputs, outputs]}, densely in 'f' order
   */
  public void add(INDArray input, INDArray outputGradient, INDArray sum) {
    handle.give(this.input, input);
    handle.give(gradient, outputGradient);
    handle.give(this.sum, sum);
    kernel.execute(stream, arguments);
    Reference.reachabilityFence(input);
    Reference.reachabilityFence(outputGradient);
    Reference.reachabilityFence(sum);
  }
}
