package io.penstock.nn;

import java.util.List;
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
    // Two fast passes: ND4J's relu_bp takes eight times as long.
    INDArray gradient = Blank.like(output);
    Nd4j.getExecutioner().exec(new Step(output, gradient));
    return gradient.muli(outputGradient);
  }

  private INDArray gradient(INDArray input, INDArray outputGradient) {
    // ND4J overwrites both, and one of them may be the result.
    INDArray x = Blank.copy(input);
    INDArray g = Blank.copy(outputGradient);
    INDArray result = function.function().backprop(x, g).getFirst();
    for (INDArray scratch : List.of(x, g)) {
      if (scratch.data() != result.data()) {
        Blank.release(scratch);
      }
    }
    return result;
  }
}
