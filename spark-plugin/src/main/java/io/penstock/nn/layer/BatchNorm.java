package io.penstock.nn.layer;

import static io.penstock.nn.layer.NormBackward.SCALE;
import static io.penstock.nn.layer.NormBackward.SHIFT;

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
import io.penstock.nn.Shape;
import io.penstock.nn.ShapeException;
import io.penstock.nn.Sizes;
import java.util.Arrays;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Batch normalisation (Ioffe and Szegedy, 2015, arXiv 1502.03167): every channel gets mean 0 and
 * variance 1 over its rows and points, and then a scale and a shift, which are trained. Rows of
 * {@code [channels, height, width]}, {@code [channels, length]} or {@code [channels]} keep their
 * shape.
 *
 * <p>In training each micro-batch is normalised by its own mean and variance. The running ones, by
 * which predictions are normalised, follow those of whole mini-batches, once at each update, as in
 * torchgpipe's deferred batch normalisation (Kim et al., 2020, arXiv 2004.09910): so they are what
 * training without micro-batches gives.
 *
 * <p>A mean over one value is that value, so that nothing of it would be left: of {@code
 * [channels]} a micro-batch has two rows or more: see {@link #leastRows}. In these means and
 * variances every row counts once, whatever its weight is in the loss, one of weight 0 as well.
 * Immutable.
 *
 * @param momentum the share of a mini-batch in the running mean and variance, above 0 and up to 1
 * @param epsilon what is added to variances, above 0
 */
public record BatchNorm(
    @JsonProperty("momentum") double momentum, @JsonProperty("epsilon") double epsilon)
    implements Layer {
  private static final double MOMENTUM = 0.1;
  private static final double EPSILON = 1e-5;

  /**
   * @throws IllegalArgumentException if the momentum is not in (0, 1] or epsilon is not above 0
   */
  @JsonCreator
  public BatchNorm {
    if (!(momentum > 0 && momentum <= 1)) {
      throw new IllegalArgumentException(
          "A batch normalisation's momentum cannot be "
              + momentum
              + "; give the share of the newest mini-batch, above 0 and up to 1, such as 0.1.");
    }
    if (!(epsilon > 0) || !Double.isFinite(epsilon)) {
      throw new IllegalArgumentException(
          "A batch normalisation's epsilon cannot be "
              + epsilon
              + "; give a small number above 0, such as 1e-5.");
    }
  }

  /** Returns a layer with a momentum of 0.1 and an epsilon of 1e-5. */
  public static BatchNorm usual() {
    return new BatchNorm(MOMENTUM, EPSILON);
  }

  @Override
  public boolean computesAnywhere() {
    return true;
  }

  @Override
  public Shape outputShape(Shape input) {
    if (input.rank() > 3) {
      throw new ShapeException(
          "Batch normalisation takes rows of [channels, height, width], [channels, length] or"
              + " [channels], but these have shape "
              + input
              + "; flatten them first.");
    }
    return input;
  }

  @Override
  public List<ParameterSpec> parameters(Shape input) {
    List<Long> channels = List.of(input.dims().get(0));
    // Some kernels want scale and shift one after another, in this order.
    return List.of(
        new ParameterSpec(SCALE, channels, Initializer.constant(1)),
        new ParameterSpec(SHIFT, channels, Initializer.zeros()),
        ParameterSpec.statistics(RunningStatistics.MEAN, channels, Initializer.zeros()),
        ParameterSpec.statistics(RunningStatistics.VARIANCE, channels, Initializer.constant(1)),
        ParameterSpec.statistics(RunningStatistics.STEPS, List.of(1L), Initializer.zeros()));
  }

  @Override
  public boolean hidesNotFinite() {
    return false;
  }

  @Override
  public long flops(Shape input) {
    return 7 * input.size();
  }

  @Override
  public int leastRows(Shape input) {
    return input.size() == input.dims().get(0) ? 2 : 1;
  }

  @Override
  public long scratchFloats(Shape input) {
    // The input, the output's gradient and the input's, channel by channel.
    return input.rank() == 1 ? 1 : Sizes.product(3, input.size());
  }

  @Override
  public Forward forward(INDArray input, Parameters parameters, Pass pass) {
    long channels = parameters.get(SCALE).length();
    if (input.rank() < 2 || input.size(1) != channels) {
      throw new ShapeException(
          "Batch normalisation with weights for "
              + new Amount(channels, "channel")
              + " got an input of shape "
              + Arrays.toString(input.shape())
              + "; give it [rows, "
              + channels
              + ", ...].");
    }
    Memory memory = pass.memory();
    INDArray x = memory.dense(input);
    INDArray output = memory.like(x);
    INDArray scale = parameters.get(SCALE);
    RunningStatistics running = new RunningStatistics(parameters);
    boolean given = !pass.training();
    INDArray mean = given ? running.mean() : memory.array(x.dataType(), channels);
    INDArray variance = given ? running.variance() : memory.like(mean);
    memory
        .compute(x)
        .norms()
        .batchNorm(x, scale, parameters.get(SHIFT), epsilon, given, mean, variance, output);
    if (!given) {
      pass.show(NormBackward.DIVISION, variance);
    }
    NormBackward.Kernel gradients =
        (outputGradient, into) ->
            memory
                .compute(x)
                .norms()
                .batchNormGradient(
                    x,
                    scale,
                    epsilon,
                    given,
                    mean,
                    variance,
                    outputGradient,
                    into.input(),
                    into.scaleAndShift());
    Backward backward = new NormBackward(x, channels, memory, gradients);
    return new Forward(
        output, given ? backward : new Training(backward, x, mean, variance, running, memory));
  }

  /** Backward pass in training, which gathers the micro-batch's statistics too. */
  private record Training(
      Backward norm,
      INDArray input,
      INDArray mean,
      INDArray variance,
      RunningStatistics running,
      Memory memory)
      implements Backward {
    @Override
    public INDArray inputGradient(INDArray outputGradient) {
      return norm.inputGradient(outputGradient);
    }

    @Override
    public void weightGradient(INDArray outputGradient, Parameters gradients) {
      norm.weightGradient(outputGradient, gradients);
      running.add(input.size(0), mean, variance, gradients, memory.compute(input).norms());
    }
  }

  @Override
  public void updateStatistics(Parameters parameters, Parameters sums, Compute compute) {
    new RunningStatistics(parameters).update(sums, momentum, compute.norms());
  }
}
