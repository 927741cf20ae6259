package io.penstock.nn.layer;

import io.penstock.Amount;
import io.penstock.compute.Compute;
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
import io.penstock.nn.Sizes;
import io.penstock.nn.WeightInit;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonInclude;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Dense (fully connected) layer: {@code output = input · weights + bias}, rows of {@code [n]} to
 * rows of {@code [outputs]}, or sequences {@code [length, n]} to {@code [length, outputs]}, every
 * position by itself. Its activation is a layer of its own. Immutable.
 *
 * @param outputs how many numbers an output row has
 * @param bias whether a bias is added
 * @param gain scales the initial weights: see {@link Initializer#scaled}
 * @param init how the weights begin instead of uniform, scaled by the gain; null for that
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
          "A dense layer cannot have " + new Amount(outputs, "output") + "; give it 1 or more.");
    }
    if (!(gain > 0) || !Double.isFinite(gain)) {
      throw new IllegalArgumentException(
          "A dense layer's gain cannot be " + gain + "; give a positive number, such as 1.");
    }
  }

  /** A layer with weights that begin uniform, scaled by the gain. */
  public Dense(long outputs, boolean bias, double gain) {
    this(outputs, bias, gain, null);
  }

  /** Returns this layer with another weight initialization. */
  public Dense initialized(WeightInit begin) {
    return new Dense(outputs, bias, gain, begin);
  }

  /** Returns a layer with a bias, and a gain of 1, for no activation after it. */
  public static Dense of(long outputs) {
    return new Dense(outputs, true, Activation.IDENTITY.gain());
  }

  @Override
  public boolean computesAnywhere() {
    return true;
  }

  @Override
  public Shape outputShape(Shape input) {
    if (input.rank() > 2) {
      throw new ShapeException(
          "A dense layer takes rows of one dimension, or sequences [length, width], but these have"
              + " shape "
              + input
              + "; put a flatten layer before it, which makes them ["
              + input.size()
              + "].");
    }
    begin(Sequences.width(input));
    return Sequences.withWidth(input, outputs);
  }

  private Initializer begin(long inputs) {
    return init == null ? Initializer.scaled(inputs, gain) : init.of(inputs, outputs);
  }

  @Override
  public List<ParameterSpec> parameters(Shape input) {
    long inputs = Sequences.width(input);
    ParameterSpec weights = new ParameterSpec(WEIGHTS, List.of(inputs, outputs), begin(inputs));
    return bias
        ? List.of(weights, new ParameterSpec(BIAS, List.of(outputs), Initializer.zeros()))
        : List.of(weights);
  }

  @Override
  public boolean hidesNotFinite() {
    return false;
  }

  @Override
  public long flops(Shape input) {
    long positions = input.size() / Sequences.width(input);
    long products = Sizes.product(2, input.size(), outputs);
    return Math.addExact(products, bias ? Sizes.product(positions, outputs) : 0);
  }

  @Override
  public Optional<List<Layer>> split(int blocks) {
    return Optional.of(OutputBlock.of(this, blocks));
  }

  @Override
  public Object weightCompatibility() {
    return new Dense(outputs, bias, 1);
  }

  @Override
  public Forward forward(INDArray input, Parameters parameters, Pass pass) {
    INDArray weights = parameters.get(WEIGHTS);
    int rank = input.rank();
    if (rank < 2 || rank > 3 || input.size(-1) != weights.size(0)) {
      throw new ShapeException(
          "A dense layer with weights for rows of ["
              + weights.size(0)
              + "] got an input of shape "
              + Arrays.toString(input.shape())
              + "; give it [rows, "
              + weights.size(0)
              + "], or sequences [rows, length, "
              + weights.size(0)
              + "].");
    }
    Memory memory = pass.memory();
    INDArray x = memory.dense(input);
    INDArray output = memory.like(x, outputs);
    INDArray offsets = bias ? parameters.get(BIAS) : null;
    memory.compute(x).products().rows(x, parameters, WEIGHTS, false, offsets, output);
    return new Forward(output, new Back(x, parameters, bias, memory));
  }

  /** Backward pass, which keeps the input. */
  private record Back(INDArray input, Parameters parameters, boolean bias, Memory memory)
      implements Backward {
    @Override
    public INDArray inputGradient(INDArray outputGradient) {
      INDArray result = memory.like(input);
      memory
          .compute(input)
          .products()
          .rows(memory.dense(outputGradient), parameters, WEIGHTS, true, null, result);
      return result;
    }

    @Override
    public void weightGradient(INDArray outputGradient, Parameters gradients) {
      INDArray gradient = memory.dense(outputGradient);
      Compute compute = memory.compute(input);
      compute.products().weightGradient(input, gradient, gradients.get(WEIGHTS));
      if (bias) {
        compute.rows().addUp(gradient, gradients.get(BIAS));
      }
    }
  }
}
