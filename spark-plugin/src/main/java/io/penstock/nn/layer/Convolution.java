package io.penstock.nn.layer;

import io.penstock.Amount;
import io.penstock.compute.Geometry;
import io.penstock.compute.Memory;
import io.penstock.nn.Backward;
import io.penstock.nn.Forward;
import io.penstock.nn.Initializer;
import io.penstock.nn.Layer;
import io.penstock.nn.ParameterSpec;
import io.penstock.nn.Parameters;
import io.penstock.nn.Pass;
import io.penstock.nn.Shape;
import io.penstock.nn.ShapeException;
import io.penstock.nn.Sizes;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Convolutional layer: each output channel is a weighted sum of what a window sees in all input
 * channels, plus a bias. Rows of {@code [channels, height, width]} become {@code [outputs, ...]};
 * with a window of one dimension rows are {@code [channels, length]}. The weights, {@code [outputs,
 * channels, height, width]}, are not turned round: it is a cross-correlation, as everywhere in deep
 * learning. Its activation is a layer of its own. Immutable.
 *
 * @param outputs how many channels come out
 * @param window what slides over the input
 * @param bias whether each channel has a bias
 * @param gain scales the initial weights: see {@link Initializer#scaled}
 */
public record Convolution(
    @JsonProperty("outputs") long outputs,
    @JsonProperty("window") Window window,
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
  public Convolution {
    Objects.requireNonNull(window, "A convolution needs a window, such as Window.of(3, 3).");
    if (outputs < 1) {
      throw new ShapeException(
          "A convolution cannot have " + outputs + " output channels; give it 1 or more.");
    }
    if (!(gain > 0) || !Double.isFinite(gain)) {
      throw new IllegalArgumentException(
          "A convolution's gain cannot be " + gain + "; give a positive number, such as 1.");
    }
  }

  /** Returns a layer with a bias, and a gain of 1, for no activation after it. */
  public static Convolution of(long outputs, Window window) {
    return new Convolution(outputs, window, true, Activation.IDENTITY.gain());
  }

  @Override
  public boolean computesAnywhere() {
    return true;
  }

  @Override
  public Shape outputShape(Shape input) {
    return window.places("A convolution", input, outputs);
  }

  @Override
  public List<ParameterSpec> parameters(Shape input) {
    long channels = input.dims().get(0);
    List<Long> shape =
        window.size().size() == 2
            ? List.of(outputs, channels, window.size().get(0), window.size().get(1))
            : List.of(outputs, channels, window.size().get(0));
    long seen = Math.multiplyExact(channels, window.area());
    ParameterSpec weights = new ParameterSpec(WEIGHTS, shape, Initializer.scaled(seen, gain));
    return bias
        ? List.of(weights, new ParameterSpec(BIAS, List.of(outputs), Initializer.zeros()))
        : List.of(weights);
  }

  @Override
  public long flops(Shape input) {
    long each = Sizes.product(2, input.dims().get(0), window.area());
    return Sizes.product(outputShape(input).size(), Math.addExact(each, bias ? 1 : 0));
  }

  @Override
  public long scratchFloats(Shape input) {
    return Math.addExact(Window.laidOut(input), Window.laidOut(outputShape(input)));
  }

  @Override
  public Object weightCompatibility() {
    return new Convolution(outputs, window, bias, 1);
  }

  @Override
  public Forward forward(INDArray input, Parameters parameters, Pass pass) {
    long channels = parameters.get(WEIGHTS).size(1);
    if (input.rank() != window.size().size() + 2 || input.size(1) != channels) {
      throw new ShapeException(
          "A convolution with weights for "
              + new Amount(channels, "channel")
              + " and a window of "
              + window.size()
              + " got an input of shape "
              + Arrays.toString(input.shape())
              + "; give it [rows, "
              + channels
              + (window.size().size() == 2 ? ", height, width]." : ", length]."));
    }
    Memory memory = pass.memory();
    INDArray x = memory.dense(input);
    Geometry geometry = window.over(x.shape());
    INDArray output = memory.array(x.dataType(), window.shape(geometry, outputs));
    INDArray offsets = bias ? parameters.get(BIAS) : null;
    memory.compute(x).windows().convolution(geometry, x, parameters, WEIGHTS, offsets, output);
    return new Forward(output, new Back(geometry, x, parameters, bias, memory));
  }

  /** Backward pass, which keeps the input. */
  private record Back(
      Geometry geometry, INDArray input, Parameters parameters, boolean bias, Memory memory)
      implements Backward {
    @Override
    public INDArray inputGradient(INDArray outputGradient) {
      INDArray result = memory.like(input);
      memory
          .compute(input)
          .windows()
          .convolutionInputGradient(
              geometry, memory.dense(outputGradient), parameters, WEIGHTS, bias, result);
      return result;
    }

    @Override
    public void weightGradient(INDArray outputGradient, Parameters gradients) {
      memory
          .compute(input)
          .windows()
          .convolutionWeightGradient(
              geometry,
              input,
              memory.dense(outputGradient),
              gradients.get(WEIGHTS),
              bias ? gradients.get(BIAS) : null);
    }
  }
}
