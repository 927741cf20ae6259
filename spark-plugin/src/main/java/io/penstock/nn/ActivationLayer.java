package io.penstock.nn;

import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * An element-wise activation as a layer of its own.
 *
 * @param function which one
 */
public record ActivationLayer(@JsonProperty("function") Activation function) implements Layer {
  /** A rough count; its time is a pass over memory. */
  private static final int FLOPS_PER_ELEMENT = 4;

  @JsonCreator
  public ActivationLayer {}

  @Override
  public Shape outputShape(Shape input) {
    return input;
  }

  @Override
  public long flops(Shape input) {
    return FLOPS_PER_ELEMENT * input.size();
  }

  @Override
  public Forward forward(INDArray input, Parameters parameters, Pass pass) {
    IActivation activation = function.implementation();
    // ND4J works in place; the input is still needed, by the layer before and by the way back.
    INDArray output = activation.getActivation(input.dup('f'), pass.training());
    return new Forward(
        output,
        outputGradient -> activation.backprop(input.dup('f'), outputGradient.dup('f')).getFirst());
  }
}
