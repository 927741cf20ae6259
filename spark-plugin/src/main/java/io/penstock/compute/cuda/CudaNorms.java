package io.penstock.compute.cuda;

import io.penstock.compute.Norms;
import io.penstock.compute.Vectors;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Layer and batch normalisation by the kernels of {@code norms.cu}. Variances are means of squared
 * distances from the mean, taken when that is known. For one thread.
 */
final class CudaNorms implements Norms {
  // Slots of scratch memory.
  private static final int PARTS = 0;
  private static final int FACTORS = 1;

  private final Launcher launcher;

  CudaNorms(Launcher launcher) {
    this.launcher = launcher;
  }

  @Override
  public void layerNorm(
      INDArray input,
      INDArray scale,
      INDArray shift,
      double epsilon,
      INDArray mean,
      INDArray variance,
      INDArray output) {
    long rows = Vectors.count(input);
    long width = Vectors.width(input);
    launcher
        .kernel("layer_norm")
        .array(input)
        .array(scale)
        .array(shift)
        .array(mean)
        .array(variance)
        .array(output)
        .whole(rows)
        .whole(width)
        .number(epsilon);
    Team.of(width).launch(launcher, rows);
  }

  @Override
  public void layerNormGradient(
      INDArray input,
      INDArray scale,
      double epsilon,
      INDArray mean,
      INDArray variance,
      INDArray outputGradient,
      INDArray inputGradient,
      INDArray scaleAndShift) {
    long rows = Vectors.count(input);
    long width = Vectors.width(input);
    INDArray factors = launcher.scratch(FACTORS, rows);
    launcher
        .kernel("layer_norm_gradient")
        .array(input)
        .array(scale)
        .array(mean)
        .array(variance)
        .array(outputGradient)
        .array(inputGradient)
        .array(factors)
        .whole(rows)
        .whole(width)
        .number(epsilon);
    Team.of(width).launch(launcher, rows);
    ChannelSums sums = new ChannelSums(launcher, rows, width, 1);
    INDArray parts = sums.parts(PARTS, 2);
    sums.kernel("row_gradients")
        .array(input)
        .array(outputGradient)
        .array(mean)
        .array(factors)
        .array(parts);
    sums.launch();
    sums.finish(parts, 2, 1, scaleAndShift);
  }

  @Override
  public void batchNorm(
      INDArray input,
      INDArray scale,
      INDArray shift,
      double epsilon,
      boolean given,
      INDArray mean,
      INDArray variance,
      INDArray output) {
    long channels = input.size(1);
    long points = points(input);
    if (!given) {
      moments(input, mean, variance);
    }
    launcher
        .kernel("batch_norm")
        .array(input)
        .array(scale)
        .array(shift)
        .array(mean)
        .array(variance)
        .array(output)
        .whole(input.length())
        .whole(channels)
        .whole(points)
        .number(epsilon)
        .each(input.length());
  }

  private void moments(INDArray input, INDArray mean, INDArray variance) {
    ChannelSums sums = sums(input);
    INDArray parts = sums.parts(PARTS, 1);
    sums.kernel("values").array(input).array(parts);
    sums.launch();
    sums.finish(parts, 1, values(input), mean);
    sums.kernel("squares").array(input).array(mean).array(parts);
    sums.launch();
    sums.finish(parts, 1, values(input), variance);
  }

  @Override
  public void batchNormGradient(
      INDArray input,
      INDArray scale,
      double epsilon,
      boolean given,
      INDArray mean,
      INDArray variance,
      INDArray outputGradient,
      INDArray inputGradient,
      INDArray scaleAndShift) {
    ChannelSums sums = sums(input);
    INDArray parts = sums.parts(PARTS, 2);
    sums.kernel("channel_gradients")
        .array(input)
        .array(outputGradient)
        .array(mean)
        .array(variance)
        .number(epsilon)
        .array(parts);
    sums.launch();
    sums.finish(parts, 2, 1, scaleAndShift);
    launcher
        .kernel("batch_norm_gradient")
        .array(input)
        .array(scale)
        .array(mean)
        .array(variance)
        .array(outputGradient)
        .array(scaleAndShift)
        .array(inputGradient)
        .whole(input.length())
        .whole(input.size(1))
        .whole(points(input))
        .number(values(input))
        .number(epsilon)
        .choice(given ? 1 : 0)
        .each(input.length());
  }

  @Override
  public void addMoments(
      long rows,
      INDArray mean,
      INDArray variance,
      INDArray from,
      INDArray sumOfMeans,
      INDArray sumOfSquares,
      INDArray sumOfRows) {
    launcher
        .kernel("add_moments")
        .array(mean)
        .array(variance)
        .array(from)
        .array(sumOfMeans)
        .array(sumOfSquares)
        .array(sumOfRows)
        .precise(rows)
        .whole(mean.length())
        .each(mean.length());
  }

  @Override
  public void follow(
      INDArray sumOfMeans,
      INDArray sumOfSquares,
      INDArray sumOfRows,
      double share,
      INDArray mean,
      INDArray variance,
      INDArray steps) {
    launcher
        .kernel("follow_moments")
        .array(sumOfMeans)
        .array(sumOfSquares)
        .array(sumOfRows)
        .array(mean)
        .array(variance)
        .array(steps)
        .precise(share)
        .whole(mean.length())
        .each(mean.length());
  }

  private ChannelSums sums(INDArray input) {
    return new ChannelSums(launcher, input.size(0), input.size(1), points(input));
  }

  /** Returns how many numbers a row has of a channel. */
  private static long points(INDArray input) {
    return input.length() / (input.size(0) * input.size(1));
  }

  /** Returns how many numbers a channel has. */
  private static double values(INDArray input) {
    return (double) input.length() / input.size(1);
  }
}
