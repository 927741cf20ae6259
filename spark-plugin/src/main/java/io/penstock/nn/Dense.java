package io.penstock.nn;

import java.util.ArrayList;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * A fully connected layer without activation: {@code [rows, inputs] · W + b}.
 *
 * @param units outputs of a row
 * @param bias whether there is a b
 * @param init how W is born; b is zero
 */
public record Dense(
    @JsonProperty("units") long units,
    @JsonProperty("bias") boolean bias,
    @JsonProperty("init") Initializer init)
    implements Layer {
  private static final String WEIGHTS = "weights";
  private static final String BIAS = "bias";

  @JsonCreator
  public Dense {
    if (units < 1) {
      throw new ShapeException("A dense layer needs at least 1 unit, not " + units + ".");
    }
  }

  @Override
  public Shape outputShape(Shape input) {
    if (input.rank() != 1) {
      throw new ShapeException(
          "A dense layer takes rows of one dimension, not " + input + ". Put flatten() before it.");
    }
    return Shape.of(units);
  }

  @Override
  public List<ParameterSpec> parameters(Shape input) {
    List<ParameterSpec> specs = new ArrayList<>();
    specs.add(new ParameterSpec(WEIGHTS, List.of(input.size(), units), init));
    if (bias) {
      specs.add(new ParameterSpec(BIAS, List.of(1L, units), Initializer.ZERO));
    }
    return specs;
  }

  @Override
  public long flops(Shape input) {
    return 2 * input.size() * units;
  }

  @Override
  public Forward forward(INDArray input, Parameters parameters, Pass pass) {
    INDArray weights = parameters.get(WEIGHTS);
    INDArray output = matrix(input.size(0), units, input);
    Nd4j.gemm(input, weights, output, false, false, 1, 0);
    if (bias) {
      output.addiRowVector(parameters.get(BIAS));
    }
    return new Forward(output, new Products(input, weights));
  }

  private static INDArray matrix(long rows, long columns, INDArray like) {
    return Nd4j.createUninitialized(like.dataType(), new long[] {rows, columns}, 'f');
  }

  private record Products(INDArray input, INDArray weights) implements Backward {
    @Override
    public INDArray inputGradient(INDArray outputGradient) {
      INDArray gradient = matrix(input.size(0), input.size(1), input);
      Nd4j.gemm(outputGradient, weights, gradient, false, true, 1, 0);
      return gradient;
    }

    @Override
    public void weightGradient(INDArray outputGradient, Parameters gradients) {
      // The sum over micro-batches is made inside the product.
      Nd4j.gemm(input, outputGradient, gradients.get(WEIGHTS), true, false, 1, 1);
      if (gradients.specs().size() > 1) {
        gradients.get(BIAS).addi(outputGradient.sum(true, 0));
      }
    }
  }
}
