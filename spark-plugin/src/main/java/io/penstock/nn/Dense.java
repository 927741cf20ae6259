package io.penstock.nn;

import java.util.Arrays;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonInclude;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * A fully connected layer: {@code output = input · weights + bias}, rows of {@code [n]} to rows of
 * {@code [outputs]}. Its activation is a layer of its own.
 *
 * @param outputs how many numbers an output row has
 * @param bias whether a bias is added
 * @param gain scales the initial weights: see {@link Initializer#scaled}
 * @param init how the weights begin instead; null for that
 */
public record Dense(
    @JsonProperty("outputs") long outputs,
    @JsonProperty("bias") boolean bias,
    @JsonProperty("gain") double gain,
    @JsonProperty("init") @JsonInclude(JsonInclude.Include.NON_NULL) WeightInit init)
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

  /** Weights that begin uniform, scaled by the gain. */
  public Dense(long outputs, boolean bias, double gain) {
    this(outputs, bias, gain, null);
  }

  /** The same layer with weights that begin so. */
  public Dense initialized(WeightInit begin) {
    return new Dense(outputs, bias, gain, begin);
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
    begin(input.size());
    return Shape.of(outputs);
  }

  private Initializer begin(long inputs) {
    return init == null ? Initializer.scaled(inputs, gain) : init.of(inputs, outputs);
  }

  @Override
  public List<ParameterSpec> parameters(Shape input) {
    long inputs = input.size();
    ParameterSpec weights = new ParameterSpec(WEIGHTS, List.of(inputs, outputs), begin(inputs));
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
    Memory memory = pass.memory();
    INDArray x = memory.dense(input);
    INDArray output = memory.array(x.dataType(), rows, outputs);
    INDArray offsets = bias ? parameters.get(BIAS) : null;
    new WeightProduct(parameters, WEIGHTS, false).run(x, offsets, output, memory);
    return new Forward(output, new Back(x, parameters, bias, memory));
  }

  /** Keeps the input. */
  private record Back(INDArray input, Parameters parameters, boolean bias, Memory memory)
      implements Backward {
    @Override
    public INDArray inputGradient(INDArray outputGradient) {
      INDArray result = memory.like(input);
      INDArray gradient = memory.dense(outputGradient);
      new WeightProduct(parameters, WEIGHTS, true).run(gradient, null, result, memory);
      return result;
    }

    @Override
    public void weightGradient(INDArray outputGradient, Parameters gradients) {
      INDArray gradient = memory.dense(outputGradient);
      Blas.gemm(input, true, gradient, false, gradients.get(WEIGHTS), 1);
      if (bias) {
        INDArray ones = memory.ones(gradient.dataType(), gradient.size(0));
        Blas.addRows(gradients.get(BIAS), gradient, ones);
      }
    }
  }
}
