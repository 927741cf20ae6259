package io.penstock.compute.host.onednn;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;

import io.penstock.Internal;
import java.lang.ref.Reference;
import org.bytedeco.dnnl.IntMemoryMap;
import org.bytedeco.dnnl.eltwise_backward;
import org.bytedeco.dnnl.eltwise_forward;
import org.bytedeco.dnnl.engine;
import org.bytedeco.dnnl.global.dnnl.algorithm;
import org.bytedeco.dnnl.global.dnnl.prop_kind;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.stream;
import org.bytedeco.javacpp.Pointer;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Kernel of an activation function of single numbers and of its gradient, each in one pass over
 * memory. For one thread.
 */
@Internal
public final class Elementwise {
  /**
   * Activation functions that oneDNN has; each says what a gradient is told from, which is kept
   * from the forward pass. Immutable.
   */
  public enum Function {
    /** max(x, 0). */
    RELU(algorithm.eltwise_relu, algorithm.eltwise_relu_use_dst_for_bwd, 0),
    /** x, or 0.01 x below zero. */
    LEAKY_RELU(algorithm.eltwise_relu, algorithm.eltwise_relu_use_dst_for_bwd, 0.01f),
    /** x, or exp(x) - 1 below zero. */
    ELU(algorithm.eltwise_elu, algorithm.eltwise_elu_use_dst_for_bwd, 1),
    /** x Φ(x), Φ being the normal distribution's. */
    GELU(algorithm.eltwise_gelu_erf, null, 0),
    /** x (1 + tanh(√(2/π) (x + 0.044715 x³))) / 2. */
    GELU_TANH(algorithm.eltwise_gelu_tanh, null, 0),
    /** x σ(1.702 x). */
    GELU_SIGMOID(algorithm.eltwise_swish, null, 1.702f),
    /** x σ(x). */
    SWISH(algorithm.eltwise_swish, null, 1),
    /** log(1 + exp(x)). */
    SOFTPLUS(algorithm.eltwise_soft_relu, null, 1),
    /** 1 / (1 + exp(-x)). */
    SIGMOID(algorithm.eltwise_logistic, algorithm.eltwise_logistic_use_dst_for_bwd, 0),
    /** The hyperbolic tangent. */
    TANH(algorithm.eltwise_tanh, algorithm.eltwise_tanh_use_dst_for_bwd, 0);

    private final algorithm forward;
    private final algorithm backwardFromOutput;
    private final float alpha;

    Function(algorithm forward, algorithm backwardFromOutput, float alpha) {
      this.forward = forward;
      this.backwardFromOutput = backwardFromOutput;
      this.alpha = alpha;
    }

    /** Returns whether the gradient is told from the output; otherwise from the input. */
    public boolean keepsOutput() {
      return backwardFromOutput != null;
    }

    private algorithm backward() {
      return keepsOutput() ? backwardFromOutput : forward;
    }
  }

  /** Function and length, in numbers, that a kernel is compiled for. Immutable. */
  public record Size(Function function, long length) {}

  private final Handle handle = new Handle();
  private final stream stream;
  private final eltwise_forward forward;
  private final eltwise_backward backward;
  private final memory input;
  private final memory output;
  private final memory outputGradient;
  private final memory inputGradient;
  private final IntMemoryMap forwardArguments = new IntMemoryMap();
  private final IntMemoryMap backwardArguments = new IntMemoryMap();
  private final memory kept;

  /** Compiles both directions. */
  public Elementwise(Size size) {
    engine engine = OneDnn.processor();
    stream = new stream(engine);
    memory.desc numbers = OneDnn.floats(memory.format_tag.x, size.length);
    Function function = size.function;
    forward = new eltwise_forward(describe(engine, function.forward, function.alpha, numbers));
    backward =
        new eltwise_backward(
            new eltwise_backward.primitive_desc(
                engine,
                function.backward(),
                numbers,
                numbers,
                numbers,
                function.alpha,
                0,
                describe(engine, function.backward(), function.alpha, numbers)));
    input = new memory(numbers, engine, (Pointer) null);
    output = new memory(numbers, engine, (Pointer) null);
    outputGradient = new memory(numbers, engine, (Pointer) null);
    inputGradient = new memory(numbers, engine, (Pointer) null);
    kept = function.keepsOutput() ? output : input;
    forwardArguments.put(DNNL_ARG_SRC, input).put(DNNL_ARG_DST, output);
    backwardArguments
        .put(function.keepsOutput() ? DNNL_ARG_DST : DNNL_ARG_SRC, kept)
        .put(DNNL_ARG_DIFF_DST, outputGradient)
        .put(DNNL_ARG_DIFF_SRC, inputGradient);
  }

  private static eltwise_forward.primitive_desc describe(
      engine engine, algorithm algorithm, float alpha, memory.desc numbers) {
    return new eltwise_forward.primitive_desc(
        engine, prop_kind.forward_training, algorithm, numbers, numbers, alpha, 0);
  }

  /**
   * Applies the function to every number; both arrays lie densely in one order, and may be the
   * same.
   */
  public void forward(INDArray input, INDArray output) {
    handle.give(this.input, input);
    handle.give(this.output, output);
    forward.execute(stream, forwardArguments);
    Reference.reachabilityFence(input);
    Reference.reachabilityFence(output);
  }

  /**
   * Computes the gradient with respect to the input; all arrays lie densely in one order.
   *
   * @param kept the forward's output or input: see {@link Function#keepsOutput}
   */
  public void backward(INDArray kept, INDArray outputGradient, INDArray inputGradient) {
    handle.give(this.kept, kept);
    handle.give(this.outputGradient, outputGradient);
    handle.give(this.inputGradient, inputGradient);
    backward.execute(stream, backwardArguments);
    Reference.reachabilityFence(kept);
    Reference.reachabilityFence(outputGradient);
    Reference.reachabilityFence(inputGradient);
  }
}
