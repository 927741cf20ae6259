package io.penstock.compute.plain;

import io.penstock.compute.Axis;
import io.penstock.compute.Geometry;
import io.penstock.compute.Weights;
import io.penstock.compute.Windows;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Convolution and pooling by ND4J's operations. ND4J has one for all gradients of a convolution, so
 * each half of the backward does the other's work too. No gradient depends on the array that it is
 * of, for which another of its shape stands in where it is not at hand. For one thread.
 */
final class PlainWindows implements Windows {
  /** ND4J's number for weights that lie as [outputs, channels, height, width]. */
  private static final int OUTPUTS_FIRST = 1;

  private static final int CHANNELS_FIRST = 0;

  /** ND4J's number for means without the padding; without meaning for the largest number. */
  private static final int WITHOUT_PADDING = 0;

  @Override
  public void convolution(
      Geometry geometry,
      INDArray input,
      Weights weights,
      String name,
      INDArray bias,
      INDArray output) {
    INDArray filter = filter(geometry, weights.get(name));
    INDArray places = output.reshape('c', geometry.places(filter.size(0)));
    convolve("conv2d", geometry, List.of(places), pictures(geometry, input), filter, bias);
  }

  @Override
  public void convolutionInputGradient(
      Geometry geometry,
      INDArray outputGradient,
      Weights weights,
      String name,
      boolean bias,
      INDArray inputGradient) {
    INDArray filter = filter(geometry, weights.get(name));
    INDArray anyInput = Nd4j.zeros(filter.dataType(), geometry.pictures());
    List<INDArray> results = List.of(pictures(geometry, inputGradient), filter.like());
    convolve(
        "conv2d_bp",
        geometry,
        results,
        anyInput,
        filter,
        outputGradient.reshape('c', geometry.places(filter.size(0))));
  }

  @Override
  public void convolutionWeightGradient(
      Geometry geometry, INDArray input, INDArray outputGradient, INDArray filter, INDArray bias) {
    INDArray sum = filter(geometry, filter);
    INDArray x = pictures(geometry, input);
    INDArray gradient = outputGradient.reshape('c', geometry.places(sum.size(0)));
    INDArray filterGradient = sum.like();
    if (bias == null) {
      convolve("conv2d_bp", geometry, List.of(x.like(), filterGradient), x, sum, gradient);
    } else {
      INDArray biasGradient = bias.like();
      List<INDArray> results = List.of(x.like(), filterGradient, biasGradient);
      convolve("conv2d_bp", geometry, results, x, sum, bias, gradient);
      bias.addi(biasGradient);
    }
    sum.addi(filterGradient);
  }

  @Override
  public void pooling(
      Geometry geometry, boolean largest, INDArray input, INDArray kept, INDArray output) {
    Nd4j.exec(
        pooling(geometry, largest, "")
            .addInputs(pictures(geometry, input))
            .addOutputs(places(geometry, output))
            .build());
  }

  /** ND4J seeks the largest numbers anew. */
  @Override
  public long poolingKeeps(Geometry geometry, boolean largest) {
    return 0;
  }

  @Override
  public void poolingGradient(
      Geometry geometry,
      boolean largest,
      INDArray input,
      INDArray kept,
      INDArray outputGradient,
      INDArray inputGradient) {
    Nd4j.exec(
        pooling(geometry, largest, "_bp")
            .addInputs(pictures(geometry, input), places(geometry, outputGradient))
            .addOutputs(pictures(geometry, inputGradient))
            .build());
  }

  /** Leaves out null; the builder takes arguments of a kind all at once. */
  private static void convolve(
      String name, Geometry geometry, List<INDArray> outputs, INDArray... inputs) {
    Nd4j.exec(
        DynamicCustomOp.builder(name)
            .addInputs(Arrays.stream(inputs).filter(Objects::nonNull).toArray(INDArray[]::new))
            .addOutputs(outputs.toArray(INDArray[]::new))
            .addIntegerArguments(numbers(geometry, CHANNELS_FIRST, OUTPUTS_FIRST))
            .build());
  }

  private static DynamicCustomOp.DynamicCustomOpsBuilder pooling(
      Geometry geometry, boolean largest, String suffix) {
    return DynamicCustomOp.builder((largest ? "maxpool2d" : "avgpool2d") + suffix)
        .addIntegerArguments(numbers(geometry, WITHOUT_PADDING, CHANNELS_FIRST));
  }

  /** Size, stride, padding and dilation of a window and whether its padding is "same"; and more. */
  private static int[] numbers(Geometry geometry, int... more) {
    Axis v = geometry.vertical();
    Axis h = geometry.horizontal();
    boolean even = v.isEven() && h.isEven();
    int[] all = {
      (int) v.window(),
      (int) h.window(),
      (int) v.stride(),
      (int) h.stride(),
      even ? (int) v.before() : 0,
      even ? (int) h.before() : 0,
      1,
      1,
      even ? 0 : 1
    };
    return IntStream.concat(Arrays.stream(all), Arrays.stream(more)).toArray();
  }

  private static INDArray pictures(Geometry geometry, INDArray rows) {
    return rows.reshape('c', geometry.pictures());
  }

  private static INDArray places(Geometry geometry, INDArray rows) {
    return rows.reshape('c', geometry.places(geometry.channels()));
  }

  /** A view with four dimensions. */
  private static INDArray filter(Geometry geometry, INDArray weights) {
    long outputs = weights.size(0);
    long channels = geometry.channels();
    long height = geometry.vertical().window();
    long width = geometry.horizontal().window();
    return Nd4j.create(
        weights.data(),
        new long[] {outputs, channels, height, width},
        new long[] {1, outputs, outputs * channels, outputs * channels * height},
        weights.offset(),
        'f');
  }
}
