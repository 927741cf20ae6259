package io.penstock.nn.layer;

import io.penstock.compute.Memory;
import io.penstock.nn.Backward;
import io.penstock.nn.Forward;
import io.penstock.nn.Initializer;
import io.penstock.nn.Layer;
import io.penstock.nn.ParameterSpec;
import io.penstock.nn.Parameters;
import io.penstock.nn.Pass;
import io.penstock.nn.Sequences;
import io.penstock.nn.Shape;
import io.penstock.nn.ShapeException;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Learned position embedding, which adds a vector for every position to sequences {@code [length,
 * width]}, as attention by itself does not know the order (Gehring et al., 2017, arXiv 1705.03122).
 * Immutable.
 *
 * @param maxLength the longest sequence there may be
 */
public record Positions(@JsonProperty("maxLength") long maxLength) implements Layer {
  private static final String WEIGHTS = "weights";

  /**
   * @throws ShapeException if the longest sequence has no position
   */
  @JsonCreator
  public Positions {
    if (maxLength < 1) {
      throw new ShapeException(
          "Positions cannot have a maximum length of " + maxLength + "; give 1 or more.");
    }
  }

  @Override
  public boolean computesAnywhere() {
    return true;
  }

  @Override
  public Shape outputShape(Shape input) {
    checkLength(Sequences.checked("A layer of positions", input).dims().get(0));
    return input;
  }

  @Override
  public List<ParameterSpec> parameters(Shape input) {
    long width = Sequences.width(input);
    return List.of(
        new ParameterSpec(WEIGHTS, List.of(width, maxLength), Initializer.scaled(width, 1)));
  }

  @Override
  public boolean hidesNotFinite() {
    return false;
  }

  @Override
  public long flops(Shape input) {
    return input.size();
  }

  @Override
  public Forward forward(INDArray input, Parameters parameters, Pass pass) {
    INDArray weights = parameters.get(WEIGHTS);
    Sequences.check("Positions", input, weights.size(0));
    checkLength(input.size(1));
    Memory memory = pass.memory();
    INDArray output = memory.copy(input);
    long numbers = input.size(1) * input.size(2);
    memory.compute(output).rows().addToEach(output, weights, numbers);
    return new Forward(output, new Back(memory));
  }

  private void checkLength(long length) {
    if (length > maxLength) {
      throw new ShapeException(
          "There are positions for sequences of up to "
              + maxLength
              + " but these have a length of "
              + length
              + "; cut them, or give the layer a maximum length of "
              + length
              + ".");
    }
  }

  private record Back(Memory memory) implements Backward {
    @Override
    public INDArray inputGradient(INDArray outputGradient) {
      return memory.dense(outputGradient);
    }

    @Override
    public void weightGradient(INDArray outputGradient, Parameters gradients) {
      INDArray gradient = memory.dense(outputGradient);
      long numbers = gradient.size(1) * gradient.size(2);
      memory.compute(gradient).rows().addUp(gradient, gradients.get(WEIGHTS), numbers);
    }
  }
}
