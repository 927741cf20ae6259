package io.penstock.nn.layer;

import static io.penstock.nn.layer.NormBackward.SCALE;
import static io.penstock.nn.layer.NormBackward.SHIFT;

import io.penstock.compute.Memory;
import io.penstock.compute.Vectors;
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
 * Layer normalisation: brings the numbers along the last dimension to mean 0 and variance 1, then
 * scales and shifts each by learned numbers (Ba et al., 2016, arXiv 1607.06450). Rows are {@code
 * [width]} or sequences {@code [length, width]}, of which every position is normalised by itself.
 * Immutable.
 *
 * @param epsilon added to the variance, so that nothing is divided by zero
 */
public record LayerNorm(@JsonProperty("epsilon") double epsilon) implements Layer {
  private static final double USUAL = 1e-5;

  /** Operations for a number: mean, variance, scale and shift. */
  private static final int FLOPS = 8;

  /**
   * @throws IllegalArgumentException if epsilon is not a positive number
   */
  @JsonCreator
  public LayerNorm {
    if (!(epsilon > 0) || !Double.isFinite(epsilon)) {
      throw new IllegalArgumentException(
          "A layer norm's epsilon cannot be " + epsilon + "; give a small number such as 1e-5.");
    }
  }

  /** Returns a layer with the epsilon that is usual, 1e-5. */
  public static LayerNorm usual() {
    return new LayerNorm(USUAL);
  }

  @Override
  public boolean computesAnywhere() {
    return true;
  }

  @Override
  public Shape outputShape(Shape input) {
    if (input.rank() > 2) {
      throw new ShapeException(
          "A layer norm takes rows [width] or sequences [length, width], but these have shape "
              + input
              + "; put a flatten layer before it.");
    }
    return input;
  }

  @Override
  public List<ParameterSpec> parameters(Shape input) {
    List<Long> width = List.of(Sequences.width(input));
    // Some kernels want them one after another, in this order.
    return List.of(
        new ParameterSpec(SCALE, width, Initializer.constant(1)),
        new ParameterSpec(SHIFT, width, Initializer.zeros()));
  }

  @Override
  public boolean hidesNotFinite() {
    return false;
  }

  @Override
  public long flops(Shape input) {
    return FLOPS * input.size();
  }

  @Override
  public long stashedFloats(Shape input) {
    long vectors = input.size() / input.dims().get(input.rank() - 1);
    return 2 * (input.size() + vectors); // each with its mean and variance
  }

  @Override
  public Forward forward(INDArray input, Parameters parameters, Pass pass) {
    INDArray scale = parameters.get(SCALE);
    if (input.size(-1) != scale.length()) {
      Sequences.check("A layer norm", input, scale.length());
    }
    Memory memory = pass.memory();
    INDArray x = memory.dense(input);
    INDArray output = memory.like(x);
    INDArray mean = memory.array(x.dataType(), Vectors.count(x));
    INDArray variance = memory.like(mean);
    memory
        .compute(x)
        .norms()
        .layerNorm(x, scale, parameters.get(SHIFT), epsilon, mean, variance, output);
    pass.show(NormBackward.DIVISION, variance);
    NormBackward.Kernel gradients =
        (outputGradient, into) ->
            memory
                .compute(x)
                .norms()
                .layerNormGradient(
                    x,
                    scale,
                    epsilon,
                    mean,
                    variance,
                    outputGradient,
                    into.input(),
                    into.scaleAndShift());
    return new Forward(output, new NormBackward(x, scale.length(), memory, gradients));
  }
}
