package io.penstock.compute.host.onednn;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_BIAS;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_WEIGHTS;

import io.penstock.Internal;
import java.lang.ref.Reference;
import java.util.List;
import org.bytedeco.dnnl.IntMemoryMap;
import org.bytedeco.dnnl.engine;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.primitive;
import org.bytedeco.dnnl.primitive_desc_base;
import org.bytedeco.dnnl.stream;
import org.bytedeco.javacpp.Pointer;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Kernel of a matrix product (GEMM) with packed weights, plus a bias, in one pass over memory. For
 * one thread.
 */
@Internal
public final class PackedProduct {
  private static final boolean WIDE = OneDnn.isWide();

  /** Multiplications from which on a call is worth it; measured on Zen 4, as is what follows. */
  private static final long LEAST = WIDE ? 24_576 : 8_192;

  /**
   * Columns from which on oneDNN is the quicker; measured on Zen 4: BLAS is up to four times as
   * fast, and 1.6 times slower at worst.
   */
  private static final long THIN = 17;

  /**
   * Rows from which on packing is worth it: packing takes about as long as reading a matrix four
   * times.
   */
  private static final long FEW = 8;

  /**
   * Shape that a kernel is compiled for. Immutable.
   *
   * @param bias whether a vector is added to every row
   */
  public record Size(long rows, long inputs, long outputs, boolean bias) {}

  private final Size size;
  private final ProductForm form;
  private final Handle handle = new Handle();
  private final stream stream;
  private final primitive_desc_base compiled;
  private final primitive kernel;
  private final boolean reference;
  private final List<Long> weightsOrder;
  private final memory input;
  private final memory weights;
  private final memory output;
  private final memory bias;
  private final IntMemoryMap arguments = new IntMemoryMap();

  /**
   * Returns whether the kernel is the quick one for such a product, rather than one of BLAS;
   * follows from the shape and the instruction set alone. A call takes as long as so many
   * operations, 16 floats to a register are wasted on thin results, and with few rows to packing's
   * once a step, a matrix is read sooner than it is packed.
   */
  public static boolean suits(long rows, long inputs, long outputs) {
    return rows >= FEW && rows * inputs * outputs >= LEAST && !(outputs <= THIN && WIDE);
  }

  /**
   * Compiles the kernel for this shape; the memory order of the weights is the one that suits them
   * best.
   */
  public PackedProduct(Size size) {
    this(size, ProductForm.of(size, OneDnn.processor()));
  }

  /** Compiles the kernel in this form. */
  PackedProduct(Size size, ProductForm form) {
    this.size = size;
    this.form = form;
    engine engine = OneDnn.processor();
    stream = new stream(engine);
    compiled = form.compile(size, engine);
    kernel = form.kernel(compiled);
    reference = OneDnn.isReference(compiled);
    weightsOrder = PackedWeights.order(compiled.weights_desc());
    input = new memory(form.input(size), engine, (Pointer) null);
    weights = new memory(compiled.weights_desc(), engine, (Pointer) null);
    output = new memory(form.output(size), engine, (Pointer) null);
    bias = size.bias ? new memory(form.bias(size), engine, (Pointer) null) : null;
    arguments.put(DNNL_ARG_SRC, input).put(DNNL_ARG_WEIGHTS, weights).put(DNNL_ARG_DST, output);
    if (size.bias) {
      arguments.put(DNNL_ARG_BIAS, bias);
    }
  }

  /**
   * Returns whether oneDNN had nothing for this size but its reference implementation; then a
   * product of BLAS is by far the faster.
   */
  public boolean isReference() {
    return reference;
  }

  /**
   * Returns the memory order in which this kernel reads weights: a key that kernels of other
   * numbers of rows may share, and need not.
   */
  public List<Long> weightsOrder() {
    return weightsOrder;
  }

  /**
   * Allocates room for a matrix {@code [inputs, outputs]} in the order of {@link #weightsOrder}; it
   * holds nothing before it is packed.
   *
   * @param transposed false if the plain matrix lies column by column, true if row by row
   */
  public PackedWeights weights(boolean transposed) {
    return new PackedWeights(form.weights(size, transposed), compiled.weights_desc());
  }

  /**
   * Computes {@code output = input · weights + bias}.
   *
   * @param input {@code [rows, inputs]}, densely in 'c' order
   * @param weights {@code [inputs, outputs]}, in the order of {@link #weightsOrder}
   * @param bias {@code [outputs]}, null if the kernel has none
   * @param output {@code [rows, outputs]}, densely in 'c' order; overwritten
   */
  public void run(INDArray input, PackedWeights weights, INDArray bias, INDArray output) {
    handle.give(this.input, input);
    handle.give(this.output, output);
    if (size.bias) {
      handle.give(this.bias, bias);
    }
    handle.give(this.weights, weights.address());
    kernel.execute(stream, arguments);
    Reference.reachabilityFence(input);
    Reference.reachabilityFence(weights);
    Reference.reachabilityFence(bias);
    Reference.reachabilityFence(output);
  }
}
