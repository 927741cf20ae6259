package io.penstock.nn;

import java.util.Arrays;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * A fully connected layer: {@code output = input · weights + bias}, rows of {@code [n]} to rows of
 * {@code [outputs]}. Its activation is a layer of its own.
 *
 * @param outputs how many numbers an output row has
 * @param bias whether a bias is added
 * @param gain scales the initial weights: see {@link Initializer#scaled}
 */
public record Dense(
    @JsonProperty("outputs") long outputs,
    @JsonProperty("bias") boolean bias,
    @JsonProperty("gain") double gain)
    implements Layer {
  static final String WEIGHTS = "weights";
  static final String BIAS = "bias";

  /**
   * @throws ShapeException if there are no outputs
   * @throws IllegalArgumentException if the gain is not a positive number
   */
  @JsonCreator
  public Dense {
    if (outputs < 1) {
      throw new ShapeException(
          "A dense layer cannot have " + outputs + " outputs; give it 1 or more.");
    }
    if (!(gain > 0) || !Double.isFinite(gain)) {
      throw new IllegalArgumentException(
          "A dense layer's gain cannot be " + gain + "; give a positive number, such as 1.");
    }
  }

  /** A layer with a bias, and nothing but the next layer after it. */
  public static Dense of(long outputs) {
    return new Dense(outputs, true, Activation.IDENTITY.gain());
  }

  @Override
  public Shape outputShape(Shape input) {
    if (input.rank() != 1) {
      throw new ShapeException(
          "A dense layer takes rows of one dimension, but these have shape "
              + input
              + "; put a flatten layer before it, which makes them ["
              + input.size()
              + "].");
    }
    return Shape.of(outputs);
  }

  @Override
  public List<ParameterSpec> parameters(Shape input) {
    long inputs = input.size();
    ParameterSpec weights =
        new ParameterSpec(WEIGHTS, List.of(inputs, outputs), Initializer.scaled(inputs, gain));
    return bias
        ? List.of(weights, new ParameterSpec(BIAS, List.of(outputs), Initializer.zeros()))
        : List.of(weights);
  }

  @Override
  public long flops(Shape input) {
    return 2 * input.size() * outputs + (bias ? outputs : 0);
  }

  @Override
  public Forward forward(INDArray input, Parameters parameters, Pass pass) {
    INDArray weights = parameters.get(WEIGHTS);
    if (input.rank() != 2 || input.size(1) != weights.size(0)) {
      throw new ShapeException(
          "A dense layer with weights for rows of ["
              + weights.size(0)
              + "] got an input of shape "
              + Arrays.toString(input.shape())
              + "; give it [rows, "
              + weights.size(0)
              + "].");
    }
    long rows = input.size(0);
    // BLAS takes either order as it is.
    INDArray x = Blank.isDense(input, 'c') ? input : Blank.ordered(input, 'f');
    INDArray output = Blank.array(x.dataType(), 'f', rows, outputs);
    Nd4j.gemm(x, weights, output, false, false, 1, 0);
    INDArray ones = null;
    if (bias) {
      // An outer product adds the bias ten times faster than ND4J's broadcast does.
      ones = Blank.array(x.dataType(), 'c', rows).assign(1);
      Nd4j.getBlasWrapper().level2().ger('f', 1, ones, parameters.get(BIAS), output);
    }
    return new Forward(output, new Back(x, weights, ones));
  }

  /** Keeps the input; {@code ones} is null without a bias. */
  private record Back(INDArray input, INDArray weights, INDArray ones) implements Backward {
    @Override
    public INDArray inputGradient(INDArray outputGradient) {
      INDArray result = Blank.array(input.dataType(), 'f', input.shape());
      return Nd4j.gemm(dense(outputGradient), weights, result, false, true, 1, 0);
    }

    @Override
    public void weightGradient(INDArray outputGradient, Parameters gradients) {
      INDArray gradient = dense(outputGradient);
      Nd4j.gemm(input, gradient, gradients.get(WEIGHTS), true, false, 1, 1);
      if (ones != null) {
        // The sum over rows as a product adds up in BLAS's fixed order, and at once onto the rest.
        INDArray bias = gradients.get(BIAS).reshape('f', 1, gradient.size(1));
        Nd4j.gemm(ones.reshape('f', 1, gradient.size(0)), gradient, bias, false, false, 1, 1);
      }
    }

    private static INDArray dense(INDArray array) {
      return Blank.isDense(array, 'c') ? array : Blank.ordered(array, 'f');
    }
  }
}
