package io.penstock.nn.layer;

import io.penstock.compute.Activations;
import io.penstock.compute.Memory;
import io.penstock.nn.Backward;
import io.penstock.nn.Forward;
import io.penstock.nn.Layer;
import io.penstock.nn.Parameters;
import io.penstock.nn.Pass;
import io.penstock.nn.Shape;
import io.penstock.nn.Weightless;
import java.util.Locale;
import java.util.Objects;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Activation layer, which applies an {@link Activation} to every number; rows keep their shape.
 * Immutable.
 *
 * @param function the activation
 */
public record ActivationLayer(Activation function) implements Layer {
  /** Refuses null. */
  public ActivationLayer {
    Objects.requireNonNull(function, "An activation layer needs a function, such as RELU.");
  }

  @JsonCreator
  static ActivationLayer named(@JsonProperty("function") String name) {
    return new ActivationLayer(Activation.named(name));
  }

  @JsonProperty("function")
  String name() {
    return function.name().toLowerCase(Locale.ROOT);
  }

  @Override
  public boolean computesAnywhere() {
    return true;
  }

  @Override
  public Shape outputShape(Shape input) {
    return input;
  }

  @Override
  public long flops(Shape input) {
    return input.size() * function.flops();
  }

  @Override
  public boolean handsOn() {
    return function == Activation.IDENTITY;
  }

  /** Returns the name of its function, such as {@code relu}. */
  @Override
  public String typeName() {
    return name();
  }

  @Override
  public Forward forward(INDArray input, Parameters parameters, Pass pass) {
    Memory memory = pass.memory();
    if (function == Activation.IDENTITY) {
      return new Forward(memory.dense(input), new Weightless(memory::dense));
    }
    Activations.Function computed = function.function();
    INDArray x = memory.dense(input);
    INDArray output = memory.like(x);
    Activations activations = memory.compute(x).activations();
    activations.forward(computed, x, output);
    INDArray kept = activations.keepsOutput(computed) ? output : x;
    return new Forward(output, new Back(computed, kept, memory));
  }

  /** Backward pass, which keeps what the gradient is told from: input or output. */
  private record Back(Activations.Function function, INDArray kept, Memory memory)
      implements Backward {
    @Override
    public INDArray inputGradient(INDArray outputGradient) {
      INDArray gradient = memory.like(kept);
      INDArray dense = memory.dense(outputGradient);
      memory.compute(kept).activations().backward(function, kept, dense, gradient);
      return gradient;
    }

    @Override
    public void weightGradient(INDArray outputGradient, Parameters gradients) {}
  }
}
