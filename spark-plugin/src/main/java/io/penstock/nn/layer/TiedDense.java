package io.penstock.nn.layer;

import io.penstock.Amount;
import io.penstock.compute.Memory;
import io.penstock.nn.Backward;
import io.penstock.nn.Forward;
import io.penstock.nn.Layer;
import io.penstock.nn.ParameterSpec;
import io.penstock.nn.Parameters;
import io.penstock.nn.Pass;
import io.penstock.nn.Shape;
import io.penstock.nn.ShapeException;
import io.penstock.nn.Sizes;
import java.util.List;
import java.util.OptionalInt;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Dense layer with an earlier layer's weights (tied weights), which learns none of its own: an
 * output projection tied to the embedding (Press and Wolf 2016, arXiv 1608.05859), or a decoder
 * tied to its encoder. Rows {@code [..., n]} become {@code [..., outputs]}. There is one copy of
 * the truth, at the earlier layer: its gradient is its own plus, in ascending order, that of each
 * layer tied to it. Immutable.
 *
 * @param layer the earlier layer, as an index of the whole network
 * @param outputs numbers that come out
 * @param transposed whether the matrix is transposed, as behind a dense layer, whose matrix is then
 *     {@code [outputs, n]}; otherwise the matrix is {@code [n, outputs]}, as an embedding's of so
 *     many tokens
 */
public record TiedDense(
    @JsonProperty("layer") int layer,
    @JsonProperty("outputs") long outputs,
    @JsonProperty("transposed") boolean transposed)
    implements Layer {
  /**
   * @throws IllegalArgumentException if a number is too small
   */
  @JsonCreator
  public TiedDense {
    if (layer < 0 || outputs < 1) {
      throw new IllegalArgumentException(
          "A layer of "
              + new Amount(outputs, "output")
              + " tied to layer "
              + layer
              + "; layers count from 0, and there must be an output.");
    }
  }

  @Override
  public boolean computesAnywhere() {
    return true;
  }

  @Override
  public Shape outputShape(Shape input) {
    long[] dims = input.dims().stream().mapToLong(Long::longValue).toArray();
    dims[dims.length - 1] = outputs;
    return Shape.of(dims);
  }

  @Override
  public boolean hidesNotFinite() {
    return false;
  }

  @Override
  public long flops(Shape input) {
    return Sizes.product(2, input.size(), outputs);
  }

  @Override
  public OptionalInt tiedTo() {
    return OptionalInt.of(layer);
  }

  @Override
  public void checkOwner(Shape input, List<ParameterSpec> owners) {
    long width = input.dims().get(input.rank() - 1);
    List<Long> wanted = transposed ? List.of(outputs, width) : List.of(width, outputs);
    boolean fits =
        owners.stream().anyMatch(s -> s.name().equals(Dense.WEIGHTS) && s.shape().equals(wanted));
    if (!fits) {
      throw new ShapeException(
          "It needs 'weights' of shape "
              + wanted
              + " in layer "
              + layer
              + ", which has "
              + owners.stream().map(s -> "'" + s.name() + "' of " + s.shape()).toList()
              + "; tie it to an embedding or a dense layer that comes before it.");
    }
  }

  /**
   * Computes the output.
   *
   * @param parameters those of the earlier layer
   */
  @Override
  public Forward forward(INDArray input, Parameters parameters, Pass pass) {
    Memory memory = pass.memory();
    INDArray x = memory.dense(input);
    INDArray output = memory.like(x, outputs);
    memory.compute(x).products().rows(x, parameters, Dense.WEIGHTS, transposed, null, output);
    return new Forward(output, new Back(x, this, parameters, memory));
  }

  private record Back(INDArray input, TiedDense layer, Parameters parameters, Memory memory)
      implements Backward {
    @Override
    public INDArray inputGradient(INDArray outputGradient) {
      INDArray result = memory.like(input);
      memory
          .compute(input)
          .products()
          .rows(
              memory.dense(outputGradient),
              parameters,
              Dense.WEIGHTS,
              !layer.transposed,
              null,
              result);
      return result;
    }

    @Override
    public void weightGradient(INDArray outputGradient, Parameters gradients) {
      INDArray sum = gradients.get(Dense.WEIGHTS);
      INDArray gradient = memory.dense(outputGradient);
      memory
          .compute(input)
          .products()
          .weightGradient(
              layer.transposed ? gradient : input, layer.transposed ? input : gradient, sum);
    }
  }
}
