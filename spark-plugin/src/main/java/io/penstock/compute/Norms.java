package io.penstock.compute;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Layer normalisation of rows and batch normalisation of channels, with gradients. What is
 * overwritten or added to shares no memory with what is read. For one thread.
 */
public interface Norms {
  /**
   * Normalises rows: every row less its mean, divided by the root of its variance plus epsilon,
   * times scale, plus shift.
   *
   * @param input {@code [..., width]}: every vector is a row
   * @param scale {@code [width]}, as {@code shift}
   * @param mean {@code [rows]}; overwritten, for the backward
   * @param variance {@code [rows]}, divided by the width; overwritten, for the backward
   * @param output {@code [..., width]}; overwritten
   */
  void layerNorm(
      INDArray input,
      INDArray scale,
      INDArray shift,
      double epsilon,
      INDArray mean,
      INDArray variance,
      INDArray output);

  /**
   * Computes all gradients of {@link #layerNorm}: one pass over memory gives them all.
   *
   * @param mean what the forward left there, as {@code variance}
   * @param inputGradient {@code [..., width]}; overwritten
   * @param scaleAndShift the gradients of the scale and, behind them, of the shift, {@code [2 ·
   *     width]}; overwritten
   */
  void layerNormGradient(
      INDArray input,
      INDArray scale,
      double epsilon,
      INDArray mean,
      INDArray variance,
      INDArray outputGradient,
      INDArray inputGradient,
      INDArray scaleAndShift);

  /**
   * Normalises channels: every channel less its mean, divided by the root of its variance plus
   * epsilon, times scale, plus shift, over all rows and points.
   *
   * @param input {@code [rows, channels, points...]}
   * @param scale {@code [channels]}, as {@code shift}
   * @param given whether mean and variance are given; otherwise they are the input's own, and
   *     overwritten
   * @param mean {@code [channels]}
   * @param variance {@code [channels]}; the input's own is divided by the number of values
   * @param output shaped as the input; overwritten
   */
  void batchNorm(
      INDArray input,
      INDArray scale,
      INDArray shift,
      double epsilon,
      boolean given,
      INDArray mean,
      INDArray variance,
      INDArray output);

  /**
   * Computes all gradients of {@link #batchNorm}.
   *
   * @param given as it was in the forward; if so, mean and variance do not depend on the input
   * @param mean what the forward read or left there, as {@code variance}
   * @param inputGradient shaped as the input; overwritten
   * @param scaleAndShift the gradients of the scale and, behind them, of the shift, {@code [2 ·
   *     channels]}; overwritten
   */
  void batchNormGradient(
      INDArray input,
      INDArray scale,
      double epsilon,
      boolean given,
      INDArray mean,
      INDArray variance,
      INDArray outputGradient,
      INDArray inputGradient,
      INDArray scaleAndShift);

  /**
   * Adds some rows to sums of means and mean squares, both as distances from a mean that stays the
   * same meanwhile: plain sums of squares would lose a small variance beside a large mean.
   *
   * @param rows how many; each counts once
   * @param mean of these rows, {@code [channels]} as all other arrays
   * @param variance of these rows
   * @param from the mean that stays the same
   * @param sumOfMeans {@code rows · (mean − from)} is added
   * @param sumOfSquares {@code rows · ((mean − from)² + variance)} is added
   * @param sumOfRows {@code [1]}: {@code rows} is added
   */
  void addMoments(
      long rows,
      INDArray mean,
      INDArray variance,
      INDArray from,
      INDArray sumOfMeans,
      INDArray sumOfSquares,
      INDArray sumOfRows);

  /**
   * Moves a mean and a variance towards those of the rows that {@link #addMoments} added up as
   * distances from that mean; where none were, nothing changes.
   *
   * @param sumOfRows {@code [1]}, how many were added up
   * @param share of the way, above 0 and up to 1
   * @param mean {@code [channels]}; changed
   * @param variance {@code [channels]}; changed
   * @param steps {@code [1]}, how often they moved: 1 is added
   */
  void follow(
      INDArray sumOfMeans,
      INDArray sumOfSquares,
      INDArray sumOfRows,
      double share,
      INDArray mean,
      INDArray variance,
      INDArray steps);
}
