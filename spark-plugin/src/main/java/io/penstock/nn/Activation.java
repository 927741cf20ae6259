package io.penstock.nn;

import org.nd4j.linalg.activations.IActivation;

/** Element-wise activations, computed by ND4J. */
public enum Activation {
  IDENTITY(org.nd4j.linalg.activations.Activation.IDENTITY),
  RELU(org.nd4j.linalg.activations.Activation.RELU),
  LEAKY_RELU(org.nd4j.linalg.activations.Activation.LEAKYRELU),
  ELU(org.nd4j.linalg.activations.Activation.ELU),
  SIGMOID(org.nd4j.linalg.activations.Activation.SIGMOID),
  TANH(org.nd4j.linalg.activations.Activation.TANH),
  SOFTPLUS(org.nd4j.linalg.activations.Activation.SOFTPLUS),
  SWISH(org.nd4j.linalg.activations.Activation.SWISH),
  GELU(org.nd4j.linalg.activations.Activation.GELU);

  private final org.nd4j.linalg.activations.Activation nd4j;

  Activation(org.nd4j.linalg.activations.Activation nd4j) {
    this.nd4j = nd4j;
  }

  /** ND4J's implementation; works in place. */
  IActivation implementation() {
    return nd4j.getActivationFunction();
  }
}
