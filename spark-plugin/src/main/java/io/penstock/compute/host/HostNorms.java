package io.penstock.compute.host;

import io.penstock.array.NativeArrays;
import io.penstock.array.Numbers;
import io.penstock.compute.Kernels;
import io.penstock.compute.Norms;
import io.penstock.compute.Rows;
import io.penstock.compute.host.onednn.BatchNormKernel;
import io.penstock.compute.host.onednn.RowNorm;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Normalisation by oneDNN, which takes scales and shifts as one array: layers keep them so, and
 * others are copied. Channels are few: a loop over their moments takes a hundredth of the time of
 * ND4J's operations.
 */
final class HostNorms implements Norms {
  private final Kernels kernels;
  private final Rows rows;

  HostNorms(Kernels kernels, Rows rows) {
    this.kernels = kernels;
    this.rows = rows;
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
      INDArray scaleGradient,
      INDArray shiftGradient) {
    INDArray both = room(scaleGradient, shiftGradient);
    kernel(input, epsilon)
        .backward(input, scale, mean, variance, outputGradient, inputGradient, both);
    handOut(both, scaleGradient, shiftGradient);
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
      INDArray scaleGradient,
      INDArray shiftGradient) {
    INDArray both = room(scaleGradient, shiftGradient);
    kernel(input, epsilon, given)
        .backward(input, outputGradient, scale, mean, variance, inputGradient, both, kernels);
    handOut(both, scaleGradient, shiftGradient);
  }

  private RowNorm kernel(INDArray input, double epsilon) {
    return kernels.get(
        new RowNorm.Size(input.size(0), input.size(1), (float) epsilon), RowNorm::new);
  }

  private BatchNormKernel kernel(INDArray input, double epsilon, boolean given) {
    long count = input.size(0);
    long channels = input.size(1);
    long points = input.length() / (count * channels);
    return kernels.get(
        new BatchNormKernel.Size(count, channels, points, epsilon, given), BatchNormKernel::new);
  }

  /** Whether two vectors are one after the other in memory. */
  private static boolean lieTogether(INDArray first, INDArray second) {
    return first.data().pointer().address() == second.data().pointer().address()
        && first.offset() + first.length() == second.offset();
  }

  /** All of both; the first one if the second lies behind it. */
  private INDArray together(INDArray first, INDArray second) {
    INDArray both = room(first, second);
    if (both != first) {
      rows.copy(first, 0, both, 0, first.length());
      rows.copy(second, 0, both, first.length(), second.length());
    }
    return both;
  }

  private static INDArray room(INDArray first, INDArray second) {
    return lieTogether(first, second)
        ? first
        : NativeArrays.array(DataType.FLOAT, 'c', first.length() + second.length());
  }

  private void handOut(INDArray both, INDArray first, INDArray second) {
    if (both != first) {
      rows.copy(both, 0, first, 0, first.length());
      rows.copy(both, first.length(), second, 0, second.length());
    }
    free(both, first);
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
      INDArray sumOfSquares) {
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
  }

  @Override
  public void follow(
      double count,
      INDArray sumOfMeans,
      INDArray sumOfSquares,
      double share,
      INDArray mean,
      INDArray variance) {
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
  }
}
