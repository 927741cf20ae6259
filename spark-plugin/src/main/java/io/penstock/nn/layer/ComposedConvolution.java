package io.penstock.nn.layer;

import io.penstock.compute.Memory;
import io.penstock.nn.Backward;
import io.penstock.nn.Forward;
import io.penstock.nn.Parameters;
import io.penstock.nn.onednn.Axis;
import io.penstock.nn.onednn.Sweep;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A convolution by ND4J's operations, for its other backends and for double precision.
 *
 * @param input densely in 'c' order; kept
 */
record ComposedConvolution(
    Convolution layer, Sweep sweep, INDArray input, Parameters parameters, Memory memory)
    implements Backward {
  /** ND4J's number for weights that lie as [outputs, channels, height, width]. */
  private static final int OUTPUTS_FIRST = 1;

  private static final int CHANNELS_FIRST = 0;

  Forward into(INDArray output) {
    INDArray weights = filter(parameters);
    run("conv2d", List.of(picture(output)), picture(input), weights, offsets());
    return new Forward(output, this);
  }

  @Override
  public INDArray inputGradient(INDArray outputGradient) {
    return gradients(outputGradient).get(0).reshape('c', input.shape());
  }

  @Override
  public void weightGradient(INDArray outputGradient, Parameters gradients) {
    List<INDArray> all = gradients(outputGradient);
    filter(gradients).addi(all.get(1));
    if (layer.bias()) {
      gradients.get(Convolution.BIAS).addi(all.get(2));
    }
  }

  /** ND4J has one operation for all gradients, so each half does the other's work too. */
  private List<INDArray> gradients(INDArray outputGradient) {
    INDArray weights = filter(parameters);
    INDArray offsets = offsets();
    List<INDArray> results = new ArrayList<>();
    results.add(memory.like(picture(input)));
    results.add(memory.like(weights));
    if (offsets != null) {
      results.add(memory.like(offsets));
    }
    INDArray gradient = picture(memory.dense(outputGradient));
    run("conv2d_bp", results, picture(input), weights, offsets, gradient);
    return results;
  }

  private INDArray offsets() {
    return layer.bias() ? parameters.get(Convolution.BIAS) : null;
  }

  /** Leaves out null; the builder takes arguments of a kind all at once. */
  private void run(String name, List<INDArray> outputs, INDArray... inputs) {
    Nd4j.exec(
        DynamicCustomOp.builder(name)
            .addInputs(Arrays.stream(inputs).filter(Objects::nonNull).toArray(INDArray[]::new))
            .addOutputs(outputs.toArray(INDArray[]::new))
            .addIntegerArguments(numbers(sweep, layer.window(), CHANNELS_FIRST, OUTPUTS_FIRST))
            .build());
  }

  /** Size, stride, padding and dilation of a window and whether its padding is "same"; and more. */
  static int[] numbers(Sweep sweep, Window window, int... more) {
    Axis v = sweep.vertical();
    Axis h = sweep.horizontal();
    boolean same = window.padding().same();
    int[] all = {
      (int) v.window(),
      (int) h.window(),
      (int) v.stride(),
      (int) h.stride(),
      same ? 0 : (int) v.before(),
      same ? 0 : (int) h.before(),
      1,
      1,
      same ? 1 : 0
    };
    return IntStream.concat(Arrays.stream(all), Arrays.stream(more)).toArray();
  }

  /** A view with four dimensions: a sequence is a picture of height 1. */
  static INDArray picture(INDArray rows) {
    return rows.rank() == 4 ? rows : rows.reshape('c', rows.size(0), rows.size(1), 1, rows.size(2));
  }

  private static INDArray filter(Parameters parameters) {
    INDArray weights = parameters.get(Convolution.WEIGHTS);
    return weights.rank() == 4
        ? weights
        : Nd4j.create(
            weights.data(),
            new long[] {weights.size(0), weights.size(1), 1, weights.size(2)},
            new long[] {1, weights.size(0), 1, weights.size(0) * weights.size(1)},
            weights.offset(),
            'f');
  }
}
