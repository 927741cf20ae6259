package io.penstock.compute.host;

import io.penstock.array.NativeArrays;
import io.penstock.array.Numbers;
import io.penstock.compute.Kernels;
import io.penstock.compute.Norms;
import io.penstock.compute.Vectors;
import io.penstock.compute.host.onednn.BatchNormKernel;
import io.penstock.compute.host.onednn.RowNorm;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Layer and batch normalisation by oneDNN, which takes scales and shifts as one array: layers keep
 * them so, and others are copied. Channels are few: a loop over their moments takes a hundredth of
 * the time of ND4J's operations. For one thread.
 */
final class HostNorms implements Norms {
  private final Kernels kernels;
  private final Blas blas;

  HostNorms(Kernels kernels, Blas blas) {
    this.kernels = kernels;
    this.blas = blas;
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
    INDArray both = together(scale, shift);
    kernel(input, epsilon).forward(input, both, mean, variance, output);
    free(both, scale);
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
    kernel(input, epsilon)
        .backward(input, scale, mean, variance, outputGradient, inputGradient, scaleAndShift);
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
    INDArray both = together(scale, shift);
    kernel(input, epsilon, given).forward(input, both, mean, variance, output, kernels);
    free(both, scale);
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
    kernel(input, epsilon, given)
        .backward(
            input, outputGradient, scale, mean, variance, inputGradient, scaleAndShift, kernels);
  }

  private RowNorm kernel(INDArray input, double epsilon) {
    return kernels.get(
        RowNorm.class,
        Vectors.count(input),
        Vectors.width(input),
        Float.floatToIntBits((float) epsilon),
        0,
        HostNorms::compile);
  }

  private static RowNorm compile(long rows, long width, long epsilon, long fourth) {
    return new RowNorm(new RowNorm.Size(rows, width, Float.intBitsToFloat((int) epsilon)));
  }

  private BatchNormKernel kernel(INDArray input, double epsilon, boolean given) {
    long count = input.size(0);
    long channels = input.size(1);
    long points = input.length() / (count * channels);
    return kernels.get(
        new BatchNormKernel.Size(count, channels, points, epsilon, given), BatchNormKernel::new);
  }

  /** Returns whether two vectors are one after the other in memory. */
  private static boolean lieTogether(INDArray first, INDArray second) {
    return first.data().pointer().address() == second.data().pointer().address()
        && first.offset() + first.length() == second.offset();
  }

  /**
   * Returns an array that begins with both vectors; the first one itself if the second lies behind
   * it.
   */
  private INDArray together(INDArray first, INDArray second) {
    if (lieTogether(first, second)) {
      return first;
    }
    INDArray both = NativeArrays.array(DataType.FLOAT, 'c', first.length() + second.length());
    blas.copy(first, 0, both, 0, first.length());
    blas.copy(second, 0, both, first.length(), second.length());
    return both;
  }

  private static void free(INDArray both, INDArray first) {
    if (both != first) {
      NativeArrays.release(both);
    }
  }

  @Override
  public void addMoments(
      long count,
      INDArray mean,
      INDArray variance,
      INDArray from,
      INDArray sumOfMeans,
      INDArray sumOfSquares,
      INDArray sumOfRows) {
    Numbers start = Numbers.of(from);
    Numbers means = Numbers.of(mean);
    Numbers variances = Numbers.of(variance);
    Numbers sum = Numbers.into(sumOfMeans);
    Numbers squares = Numbers.into(sumOfSquares);
    for (int channel = 0; channel < mean.length(); channel++) {
      double distance = means.get(channel) - start.get(channel);
      double square = distance * distance + variances.get(channel);
      sum.put(channel, sum.get(channel) + count * distance);
      squares.put(channel, squares.get(channel) + count * square);
    }
    increase(sumOfRows, count);
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
    double count = Numbers.of(sumOfRows).get(0);
    if (count == 0) {
      return;
    }
    Numbers sum = Numbers.of(sumOfMeans);
    Numbers squares = Numbers.of(sumOfSquares);
    Numbers means = Numbers.into(mean);
    Numbers variances = Numbers.into(variance);
    for (int channel = 0; channel < mean.length(); channel++) {
      double distance = sum.get(channel) / count;
      double own = squares.get(channel) / count - distance * distance;
      means.put(channel, means.get(channel) + share * distance);
      double running = variances.get(channel);
      variances.put(channel, running + share * (own - running));
    }
    increase(steps, 1);
  }

  private static void increase(INDArray count, long by) {
    Numbers number = Numbers.into(count);
    number.put(0, number.get(0) + by);
  }
}
