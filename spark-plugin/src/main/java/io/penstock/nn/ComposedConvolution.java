package io.penstock.nn;

import io.penstock.nn.onednn.Axis;
import io.penstock.nn.onednn.Sweep;
import java.util.Arrays;
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
    DynamicCustomOp.DynamicCustomOpsBuilder op =
        operation("conv2d").addInputs(picture(input), filter(parameters));
    if (layer.bias()) {
      op.addInputs(parameters.get(Convolution.BIAS));
    }
    Nd4j.exec(op.addOutputs(picture(output)).build());
    return new Forward(output, this);
  }

  @Override
  public INDArray inputGradient(INDArray outputGradient) {
    return gradients(outputGradient)[0].reshape('c', input.shape());
  }

  @Override
  public void weightGradient(INDArray outputGradient, Parameters gradients) {
    INDArray[] all = gradients(outputGradient);
    filter(gradients).addi(all[1]);
    if (layer.bias()) {
      gradients.get(Convolution.BIAS).addi(all[2]);
    }
  }

  /** ND4J has one operation for all gradients, so each half does the other's work too. */
  private INDArray[] gradients(INDArray outputGradient) {
    INDArray weights = filter(parameters);
    INDArray inputGradient = memory.like(picture(input));
    INDArray weightGradient = memory.like(weights);
    DynamicCustomOp.DynamicCustomOpsBuilder op =
        operation("conv2d_bp").addInputs(picture(input), weights);
    if (!layer.bias()) {
      Nd4j.exec(
          op.addInputs(picture(memory.dense(outputGradient)))
              .addOutputs(inputGradient, weightGradient)
              .build());
      return new INDArray[] {inputGradient, weightGradient};
    }
    INDArray offsets = parameters.get(Convolution.BIAS);
    INDArray biasGradient = memory.like(offsets);
    Nd4j.exec(
        op.addInputs(offsets, picture(memory.dense(outputGradient)))
            .addOutputs(inputGradient, weightGradient, biasGradient)
            .build());
    return new INDArray[] {inputGradient, weightGradient, biasGradient};
  }

  private DynamicCustomOp.DynamicCustomOpsBuilder operation(String name) {
    return DynamicCustomOp.builder(name)
        .addIntegerArguments(numbers(sweep, layer.window(), CHANNELS_FIRST, OUTPUTS_FIRST));
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
