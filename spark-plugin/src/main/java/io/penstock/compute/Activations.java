package io.penstock.compute;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Activation functions of single numbers and their gradients, and the softmax of rows. For one
 * thread.
 */
public interface Activations {
  /** Activation functions that every backend has. */
  enum Function {
    /** max(x, 0). */
    RELU,
    /** x, or 0.01 x below zero. */
    LEAKY_RELU,
    /** x, or exp(x) - 1 below zero. */
    ELU,
    /** x Φ(x), Φ being the normal distribution's. */
    GELU,
    /** x (1 + tanh(√(2/π) (x + 0.044715 x³))) / 2. */
    GELU_TANH,
    /** x σ(1.702 x). */
    GELU_SIGMOID,
    /** x σ(x). */
    SWISH,
    /** log(1 + exp(x)). */
    SOFTPLUS,
    /** 1 / (1 + exp(-x)). */
    SIGMOID,
    /** The hyperbolic tangent. */
    TANH
  }

  /**
   * Returns whether this kind tells the gradient from the forward's output; otherwise from its
   * input.
   */
  boolean keepsOutput(Function function);

  /**
   * Applies the function to every number; both arrays lie densely in one order, and may be the
   * same.
   */
  void forward(Function function, INDArray input, INDArray output);

  /**
   * Computes the gradient with respect to the input; all arrays lie densely in one order.
   *
   * @param kept the forward's output or input: see {@link #keepsOutput}; not changed
   * @param outputGradient not changed, unless it is {@code inputGradient} too
   * @param inputGradient overwritten; it may be {@code outputGradient}
   */
  void backward(Function function, INDArray kept, INDArray outputGradient, INDArray inputGradient);

  /** Computes the softmax of every vector of {@code numbers}, {@code [..., width]}, in place. */
  void softmax(INDArray numbers);

  /**
   * Computes the gradient of {@link #softmax}.
   *
   * @param output the forward's result
   * @param gradient of the output; overwritten with that of the input
   */
  void softmaxGradient(INDArray output, INDArray gradient);

  /**
   * Adds a number above the diagonal of every square: the causal mask of attention, which forbids
   * each place of a sequence to look at those after it.
   *
   * @param squares {@code [..., length, length]}
   */
  void addAboveDiagonal(INDArray squares, double value);
}
