package io.penstock.nn;

import java.util.Locale;
import java.util.Objects;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.scalar.RectifiedLinear;
import org.nd4j.linalg.api.ops.impl.scalar.Step;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Applies an {@link Activation} to every number; rows keep their shape.
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
  public Shape outputShape(Shape input) {
    return input;
  }

  @Override
  public long flops(Shape input) {
    return input.size() * function.flops();
  }

  @Override
  public Forward forward(INDArray input, Parameters parameters, Pass pass) {
    Memory memory = pass.memory();
    return switch (function) {
      case IDENTITY -> {
        yield new Forward(memory.dense(input), new Weightless(memory::dense));
      }
      case RELU -> {
        // Its gradient can be told from its output, which the next layer keeps anyway.
        INDArray output = memory.like(input);
        Nd4j.getExecutioner().exec(new RectifiedLinear(input, output));
        yield new Forward(output, new Weightless(g -> reluGradient(output, g, memory)));
      }
      default -> {
        INDArray output = function.function().getActivation(memory.copy(input), pass.training());
        yield new Forward(output, new Weightless(g -> gradient(input, g, memory)));
      }
    };
  }

  private static INDArray reluGradient(INDArray output, INDArray outputGradient, Memory memory) {
    // Two fast passes: ND4J's relu_bp takes eight times as long.
    INDArray gradient = memory.like(output);
    Nd4j.getExecutioner().exec(new Step(output, gradient));
    return gradient.muli(outputGradient);
  }

  private INDArray gradient(INDArray input, INDArray outputGradient, Memory memory) {
    // ND4J overwrites both, and one of them may be the result.
    return function.function().backprop(memory.copy(input), memory.copy(outputGradient)).getFirst();
  }
}
