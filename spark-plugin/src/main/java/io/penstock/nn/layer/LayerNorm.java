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
import io.penstock.nn.onednn.OneDnn;
import io.penstock.nn.onednn.RowNorm;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.ops.transforms.Transforms;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Brings the numbers along the last dimension to mean 0 and variance 1, then scales and shifts each
 * by learned numbers (Ba et al., 2016, arXiv 1607.06450). Rows are {@code [width]} or sequences
 * {@code [length, width]}, of which every position is normalised by itself.
 *
 * @param epsilon added to the variance, so that nothing is divided by zero
 */
public record LayerNorm(@JsonProperty("epsilon") double epsilon) implements Layer {
  private static final String SCALE = "scale";
  private static final String SHIFT = "shift";
  private static final double USUAL = 1e-5;

  /** Mean, variance, scale and shift: so many operations for a number. */
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

  /** With the epsilon that is usual, 1e-5. */
  public static LayerNorm usual() {
    return new LayerNorm(USUAL);
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
    // oneDNN wants them one after another, in this order.
    return List.of(
        new ParameterSpec(SCALE, width, Initializer.constant(1)),
        new ParameterSpec(SHIFT, width, Initializer.zeros()));
  }

  @Override
  public long flops(Shape input) {
    return FLOPS * input.size();
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
    INDArray rows = Sequences.positions(x);
    Backward backward =
        OneDnn.takes(x)
            ? new Compiled(rows, parameters, memory, epsilon, Sequences.positions(output))
            : new Composed(rows, parameters, memory, epsilon, Sequences.positions(output));
    return new Forward(output, backward);
  }

  /** The input's and the weights' gradients: one pass over memory gives both. */
  private record Gradients(INDArray input, INDArray scale, INDArray shift) {}

  /** What both ways have in common. */
  private abstract static class Back implements Backward {
    final Parameters parameters;
    final Memory memory;
    private final Halves<Gradients> both = new Halves<>(this::gradients);

    Back(Parameters parameters, Memory memory) {
      this.parameters = parameters;
      this.memory = memory;
    }

    abstract Gradients gradients(INDArray outputGradient);

    @Override
    public INDArray inputGradient(INDArray outputGradient) {
      return both.compute(outputGradient).input.reshape('c', outputGradient.shape());
    }

    @Override
    public void weightGradient(INDArray outputGradient, Parameters gradients) {
      Gradients own = both.get(outputGradient);
      gradients.get(SCALE).addi(own.scale);
      gradients.get(SHIFT).addi(own.shift);
    }
  }

  /** By oneDNN. */
  private static final class Compiled extends Back {
    private final INDArray input;
    private final INDArray mean;
    private final INDArray variance;
    private final RowNorm.Size size;

    Compiled(
        INDArray input, Parameters parameters, Memory memory, double epsilon, INDArray output) {
      super(parameters, memory);
      this.input = input;
      this.mean = memory.array(input.dataType(), input.size(0));
      this.variance = memory.array(input.dataType(), input.size(0));
      this.size = new RowNorm.Size(input.size(0), input.size(1), (float) epsilon);
      kernel().forward(input, parameters.get(SCALE), mean, variance, output);
    }

    private RowNorm kernel() {
      return memory.kernels().get(size, RowNorm::new);
    }

    @Override
    Gradients gradients(INDArray outputGradient) {
      INDArray gradient = memory.array(input.dataType(), outputGradient.shape());
      INDArray scaleShift = memory.array(input.dataType(), 2, size.width());
      kernel()
          .backward(
              input,
              parameters.get(SCALE),
              mean,
              variance,
              memory.dense(outputGradient),
              gradient,
              scaleShift);
      return new Gradients(gradient, scaleShift.getRow(0), scaleShift.getRow(1));
    }
  }

  /** By ND4J's operations, for its other backends and for double precision. */
  private static final class Composed extends Back {
    private final INDArray normal;
    private final INDArray factor;

    Composed(
        INDArray input, Parameters parameters, Memory memory, double epsilon, INDArray output) {
      super(parameters, memory);
      INDArray centred = input.subColumnVector(column(input.mean(1)));
      INDArray variance = column(centred.mul(centred).mean(1));
      factor = Transforms.sqrt(variance.addi(epsilon), false).rdivi(1);
      normal = centred.muliColumnVector(factor);
      output
          .assign(normal)
          .muliRowVector(parameters.get(SCALE))
          .addiRowVector(parameters.get(SHIFT));
    }

    @Override
    Gradients gradients(INDArray outputGradient) {
      INDArray gradient = Sequences.positions(memory.dense(outputGradient));
      INDArray along = gradient.mul(normal);
      INDArray scaled = gradient.mulRowVector(parameters.get(SCALE));
      INDArray means = column(scaled.mean(1));
      INDArray slopes = column(scaled.mul(normal).mean(1));
      INDArray input =
          scaled
              .subiColumnVector(means)
              .subi(normal.mulColumnVector(slopes))
              .muliColumnVector(factor);
      return new Gradients(input, along.sum(0), gradient.sum(0));
    }

    private static INDArray column(INDArray vector) {
      return vector.reshape('c', vector.length(), 1);
    }
  }
}
