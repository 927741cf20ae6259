package io.penstock.nn;

import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.scalar.RectifiedLinear;
import org.nd4j.linalg.api.ops.impl.scalar.RectifiedLinearDerivative;
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
  public List<ParameterSpec> parameters(Shape input) {
    return List.of();
  }

  @Override
  public long flops(Shape input) {
    return input.size() * function.flops();
  }

  @Override
  public Forward forward(INDArray input, Parameters parameters, Pass pass) {
    return switch (function) {
      case IDENTITY -> {
        INDArray output = Blank.ordered(input, Blank.order(input.rank()));
        yield new Forward(output, new Weightless(g -> Blank.ordered(g, output.ordering())));
      }
      case RELU -> {
        // Its gradient can be told from its output, which the next layer keeps anyway.
        INDArray output = Blank.like(input);
        Nd4j.getExecutioner().exec(new RectifiedLinear(input, output));
        yield new Forward(output, new Weightless(g -> reluGradient(output, g)));
      }
      default -> {
        INDArray output = function.function().getActivation(Blank.copy(input), pass.training());
        yield new Forward(output, new Weightless(g -> gradient(input, g)));
      }
    };
  }

  private static INDArray reluGradient(INDArray output, INDArray outputGradient) {
    INDArray result = Blank.like(output);
    Nd4j.getExecutioner().exec(new RectifiedLinearDerivative(output, outputGradient, result, 0));
    return result;
  }

  private INDArray gradient(INDArray input, INDArray outputGradient) {
    // ND4J overwrites both.
    return function.function().backprop(Blank.copy(input), Blank.copy(outputGradient)).getFirst();
  }
}
