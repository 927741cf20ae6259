package io.penstock.nn.layer;

import io.penstock.compute.Activations;
import java.util.Arrays;
import java.util.Locale;

/**
 * Activation functions: functions of single numbers that make a network more than linear. In JSON
 * and messages their names are in small letters.
 */
public enum Activation {
  /** x. */
  IDENTITY(null, 1, 0),
  /** max(x, 0). */
  RELU(Activations.Function.RELU, Math.sqrt(2), 1),
  /** x, or 0.01 x below zero. */
  LEAKYRELU(Activations.Function.LEAKY_RELU, Math.sqrt(2), 2),
  /** x, or exp(x) - 1 below zero (Clevert et al., 2015, arXiv 1511.07289). */
  ELU(Activations.Function.ELU, Math.sqrt(2), 10),
  /**
   * x Φ(x), Φ being the normal distribution's (Hendrycks and Gimpel, 2016, arXiv 1606.08415):
   * PyTorch's and Keras's GELU as they come.
   */
  GELU(Activations.Function.GELU, Math.sqrt(2), 28),
  /** x (1 + tanh(√(2/π) (x + 0.044715 x³))) / 2, within 0.0005 of GELU: GPT-2's. */
  GELU_TANH(Activations.Function.GELU_TANH, Math.sqrt(2), 28),
  /** x σ(1.702 x), within 0.021 of GELU; also called QuickGELU: CLIP's. */
  GELU_SIGMOID(Activations.Function.GELU_SIGMOID, Math.sqrt(2), 12),
  /** x σ(x) (Ramachandran et al., 2017, arXiv 1710.05941). */
  SWISH(Activations.Function.SWISH, Math.sqrt(2), 11),
  /** log(1 + exp(x)). */
  SOFTPLUS(Activations.Function.SOFTPLUS, 1, 18),
  /** 1 / (1 + exp(-x)). */
  SIGMOID(Activations.Function.SIGMOID, 1, 10),
  /** The hyperbolic tangent. */
  TANH(Activations.Function.TANH, 5.0 / 3, 20);

  private final Activations.Function function;
  private final double gain;
  private final int flops;

  Activation(Activations.Function function, double gain, int flops) {
    this.function = function;
    this.gain = gain;
    this.flops = flops;
  }

  /**
   * Returns the activation of this name, in either case.
   *
   * @throws IllegalArgumentException if there is none; the message lists the names
   */
  public static Activation named(String name) {
    return Arrays.stream(values())
        .filter(a -> a.name().equalsIgnoreCase(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "Unknown activation '"
                        + name
                        + "'; use one of "
                        + Arrays.toString(values()).toLowerCase(Locale.ROOT)
                        + "."));
  }

  /**
   * Returns the gain: how much larger the weights before it begin, to make up for what it takes
   * away.
   */
  public double gain() {
    return gain;
  }

  /** Returns the operations for one number; a power of e counts as eight. */
  int flops() {
    return flops;
  }

  /** Returns the function of {@link Activations}; null for the identity. */
  Activations.Function function() {
    return function;
  }
}
