package io.penstock.compute.plain;

import io.penstock.array.NativeArrays;
import io.penstock.compute.Norms;
import io.penstock.compute.Vectors;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.ops.transforms.Transforms;

/** Layer and batch normalisation by ND4J's operations. For one thread. */
final class PlainNorms implements Norms {
  /** Rows and points. */
  private static final int[] OVER = {0, 2};

  @Override
  public void layerNorm(
      INDArray input,
      INDArray scale,
      INDArray shift,
      double epsilon,
      INDArray mean,
      INDArray variance,
      INDArray output) {
    INDArray x = Vectors.matrix(input);
    mean.assign(x.mean(1));
    INDArray centred = x.subColumnVector(column(mean));
    variance.assign(centred.mul(centred).mean(1));
    centred.muliColumnVector(factor(column(variance), epsilon));
    Vectors.matrix(output).assign(centred).muliRowVector(scale).addiRowVector(shift);
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
    INDArray factor = factor(column(variance), epsilon);
    INDArray x = Vectors.matrix(input);
    INDArray g = Vectors.matrix(outputGradient);
    INDArray normal = x.subColumnVector(column(mean)).muliColumnVector(factor);
    INDArray scaled = g.mulRowVector(scale);
    INDArray means = column(scaled.mean(1));
    INDArray slopes = column(scaled.mul(normal).mean(1));
    put(g.mul(normal).sum(0), g.sum(0), scaleAndShift);
    Vectors.matrix(inputGradient)
        .assign(
            scaled
                .subiColumnVector(means)
                .subi(normal.muliColumnVector(slopes))
                .muliColumnVector(factor));
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
    INDArray x = points(input);
    if (!given) {
      mean.assign(x.mean(OVER));
    }
    INDArray centred = x.sub(each(mean));
    if (!given) {
      variance.assign(centred.mul(centred).mean(OVER));
    }
    INDArray normal = centred.div(deviation(variance, epsilon));
    points(output).assign(normal.mul(each(scale)).add(each(shift)));
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
    INDArray deviation = deviation(variance, epsilon);
    INDArray normal = points(input).sub(each(mean)).div(deviation);
    INDArray g = points(outputGradient);
    put(g.mul(normal).sum(OVER), g.sum(OVER), scaleAndShift);
    if (!given) {
      // Mean and variance depend on the input too.
      INDArray along = normal.mul(each(g.mul(normal).mean(OVER)));
      g = g.sub(each(g.mean(OVER))).sub(along);
    }
    points(inputGradient).assign(g.mul(each(scale).div(deviation)));
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
    INDArray distance = mean.sub(from);
    sumOfSquares.addi(distance.mul(distance).addi(variance).muli(rows));
    sumOfMeans.addi(distance.muli(rows));
    sumOfRows.addi(rows);
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
    double rows = sumOfRows.getDouble(0);
    if (rows == 0) {
      return;
    }
    INDArray distance = sumOfMeans.div(rows);
    INDArray own = sumOfSquares.div(rows).subi(distance.mul(distance));
    mean.addi(distance.muli(share));
    variance.addi(own.subi(variance).muli(share));
    steps.addi(1);
  }

  private static void put(INDArray scale, INDArray shift, INDArray scaleAndShift) {
    long width = scale.length();
    NativeArrays.view(scaleAndShift, 0, width).assign(scale);
    NativeArrays.view(scaleAndShift, width, width).assign(shift);
  }

  private static INDArray factor(INDArray variance, double epsilon) {
    return Transforms.sqrt(variance.add(epsilon), false).rdivi(1);
  }

  private static INDArray column(INDArray vector) {
    return vector.reshape('c', vector.length(), 1);
  }

  private static INDArray deviation(INDArray variance, double epsilon) {
    return Transforms.sqrt(each(variance).add(epsilon), false);
  }

  private static INDArray points(INDArray dense) {
    long rows = dense.size(0);
    long channels = dense.size(1);
    return dense.reshape('c', rows, channels, dense.length() / (rows * channels));
  }

  private static INDArray each(INDArray channels) {
    return channels.reshape('c', 1, channels.length(), 1);
  }
}
