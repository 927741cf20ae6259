package io.penstock.gpucheck;

import io.penstock.compute.Norms;
import io.penstock.compute.Vectors;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Normalisation in double precision: both kinds are one, over groups of numbers at given places.
 * Stateless.
 */
final class ReferenceNorms implements Norms {
  /**
   * How an array is cut into groups with one mean each, and which scale a number has.
   *
   * @param groups how many there are
   * @param size numbers of each
   */
  private record Cut(long groups, long size, long channels, long points, boolean ofChannels) {
    static Cut rows(INDArray input) {
      long width = Vectors.width(input);
      return new Cut(Vectors.count(input), width, width, 1, false);
    }

    static Cut channels(INDArray input) {
      long channels = input.size(1);
      long points = input.length() / (input.size(0) * channels);
      return new Cut(channels, input.length() / channels, channels, points, true);
    }

    long place(long group, long i) {
      return ofChannels ? (i / points * channels + group) * points + i % points : group * size + i;
    }

    /** Returns which scale and shift the number has. */
    long factor(long group, long i) {
      return ofChannels ? group : i;
    }
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
    forward(Cut.rows(input), input, scale, shift, epsilon, false, mean, variance, output);
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
    forward(Cut.channels(input), input, scale, shift, epsilon, given, mean, variance, output);
  }

  private static void forward(
      Cut cut,
      INDArray input,
      INDArray scale,
      INDArray shift,
      double epsilon,
      boolean given,
      INDArray mean,
      INDArray variance,
      INDArray output) {
    Doubles x = Doubles.of(input);
    Doubles means = Doubles.of(mean);
    Doubles variances = Doubles.of(variance);
    Doubles y = Doubles.of(output);
    for (long group = 0; group < cut.groups(); group++) {
      if (!given) {
        double sum = 0;
        for (long i = 0; i < cut.size(); i++) {
          sum += x.get(cut.place(group, i));
        }
        means.put(group, sum / cut.size());
        double squares = 0;
        for (long i = 0; i < cut.size(); i++) {
          double distance = x.get(cut.place(group, i)) - means.get(group);
          squares += distance * distance;
        }
        variances.put(group, squares / cut.size());
      }
      double factor = 1 / Math.sqrt(variances.get(group) + epsilon);
      for (long i = 0; i < cut.size(); i++) {
        long place = cut.place(group, i);
        long own = cut.factor(group, i);
        double normal = (x.get(place) - means.get(group)) * factor;
        y.put(place, normal * Doubles.of(scale).get(own) + Doubles.of(shift).get(own));
      }
    }
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
    backward(
        Cut.rows(input),
        input,
        scale,
        epsilon,
        false,
        mean,
        variance,
        outputGradient,
        inputGradient,
        scaleAndShift);
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
    backward(
        Cut.channels(input),
        input,
        scale,
        epsilon,
        given,
        mean,
        variance,
        outputGradient,
        inputGradient,
        scaleAndShift);
  }

  private static void backward(
      Cut cut,
      INDArray input,
      INDArray scale,
      double epsilon,
      boolean given,
      INDArray mean,
      INDArray variance,
      INDArray outputGradient,
      INDArray inputGradient,
      INDArray scaleAndShift) {
    Doubles x = Doubles.of(input);
    Doubles g = Doubles.of(outputGradient);
    Doubles scales = Doubles.of(scale);
    Doubles sums = Doubles.of(scaleAndShift);
    long width = scale.length();
    for (long i = 0; i < sums.length(); i++) {
      sums.put(i, 0);
    }
    for (long group = 0; group < cut.groups(); group++) {
      double mu = Doubles.of(mean).get(group);
      double factor = 1 / Math.sqrt(Doubles.of(variance).get(group) + epsilon);
      double plain = 0;
      double along = 0;
      for (long i = 0; i < cut.size(); i++) {
        long place = cut.place(group, i);
        long own = cut.factor(group, i);
        double normal = (x.get(place) - mu) * factor;
        sums.add(own, g.get(place) * normal);
        sums.add(width + own, g.get(place));
        plain += g.get(place) * scales.get(own);
        along += g.get(place) * scales.get(own) * normal;
      }
      for (long i = 0; i < cut.size(); i++) {
        long place = cut.place(group, i);
        double normal = (x.get(place) - mu) * factor;
        double through = given ? 0 : (plain + along * normal) / cut.size();
        double scaled = g.get(place) * scales.get(cut.factor(group, i));
        Doubles.of(inputGradient).put(place, factor * (scaled - through));
      }
    }
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
    Doubles.of(sumOfRows).add(0, rows);
    for (long i = 0; i < mean.length(); i++) {
      double distance = Doubles.of(mean).get(i) - Doubles.of(from).get(i);
      Doubles.of(sumOfMeans).add(i, rows * distance);
      double square = distance * distance + Doubles.of(variance).get(i);
      Doubles.of(sumOfSquares).add(i, rows * square);
    }
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
    double rows = Doubles.of(sumOfRows).get(0);
    if (rows == 0) {
      return;
    }
    Doubles.of(steps).add(0, 1);
    Doubles variances = Doubles.of(variance);
    for (long i = 0; i < mean.length(); i++) {
      double distance = Doubles.of(sumOfMeans).get(i) / rows;
      double own = Doubles.of(sumOfSquares).get(i) / rows - distance * distance;
      Doubles.of(mean).add(i, share * distance);
      variances.add(i, share * (own - variances.get(i)));
    }
  }
}
