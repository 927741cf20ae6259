package io.penstock.nn.layer;

import io.penstock.Amount;
import io.penstock.compute.Memory;
import io.penstock.nn.Backward;
import io.penstock.nn.Forward;
import io.penstock.nn.Layer;
import io.penstock.nn.ParameterSpec;
import io.penstock.nn.Parameters;
import io.penstock.nn.Pass;
import io.penstock.nn.Sequences;
import io.penstock.nn.Shape;
import io.penstock.nn.ShapeException;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Residual connection: the input plus what layers make of it (He et al., 2015, arXiv 1512.03385).
 * Its parameters are named as those of a {@link Chain}. Immutable.
 *
 * @param layers one or more, which together keep the shape
 */
public record Residual(List<Layer> layers) implements Composite {
  /**
   * Copies the list.
   *
   * @throws IllegalArgumentException if it is empty
   */
  public Residual {
    layers = new Chain(layers).layers();
  }

  @Override
  public Shape outputShape(Shape input) {
    Shape output = chain().outputShape(input);
    if (!output.equals(input)) {
      throw new ShapeException(
          "The layers of a residual layer make rows of shape "
              + output
              + " of rows of shape "
              + input
              + ", which cannot be added; end them with a layer that gives "
              + input
              + ", such as a dense layer of "
              + new Amount(Sequences.width(input), "output")
              + ".");
    }
    return output;
  }

  @Override
  public List<ParameterSpec> parameters(Shape input) {
    return chain().parameters(input);
  }

  @Override
  public boolean hidesNotFinite() {
    return false;
  }

  @Override
  public long flops(Shape input) {
    return Math.addExact(chain().flops(input), input.size());
  }

  @Override
  public long stashedFloats(Shape input) {
    return Math.addExact(chain().stashedFloats(input), 2 * input.size());
  }

  @Override
  public long scratchFloats(Shape input) {
    return chain().scratchFloats(input);
  }

  @Override
  public int leastRows(Shape input) {
    return chain().leastRows(input);
  }

  @Override
  public Forward forward(INDArray input, Parameters parameters, Pass pass) {
    Memory memory = pass.memory();
    INDArray x = memory.dense(input);
    Forward inner = Chain.forward(layers, x, parameters, pass);
    return new Forward(
        sum(x, memory.dense(inner.output()), memory), new Back(inner.backward(), memory));
  }

  private Chain chain() {
    return new Chain(layers);
  }

  private static INDArray sum(INDArray a, INDArray b, Memory memory) {
    INDArray sum = memory.like(a);
    memory.compute(a).rows().add(a, b, sum);
    return sum;
  }

  private record Back(Backward inner, Memory memory) implements Backward {
    @Override
    public INDArray inputGradient(INDArray outputGradient) {
      INDArray around = memory.dense(inner.inputGradient(outputGradient));
      return sum(memory.dense(outputGradient), around, memory);
    }

    @Override
    public void weightGradient(INDArray outputGradient, Parameters gradients) {
      inner.weightGradient(outputGradient, gradients);
    }
  }
}
