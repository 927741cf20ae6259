package io.penstock.compute.cuda;

import io.penstock.compute.Axis;
import io.penstock.compute.Geometry;
import io.penstock.compute.Weights;
import io.penstock.compute.Windows;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Convolution and pooling on a GPU. A convolution lays the numbers under its window out as a matrix
 * (im2col; Chellapilla, Puri and Simard 2006, <i>High Performance Convolutional Neural Networks for
 * Document Processing</i>), chunk by chunk, and multiplies that. Nothing is added up in an order
 * that chance decides: gradients are gathered, not scattered. For one thread.
 */
final class CudaWindows implements Windows {
  /** Slots of scratch memory. */
  private static final int COLUMNS = 0;

  private static final int LINES = 1;

  /** Numbers that one block adds up of a bias's gradient. */
  private static final long PART = 1 << 14;

  private static final int LINE = 256;

  private final Launcher launcher;
  private final Multiplier multiplier;
  private final PoolingKernels pooling;

  CudaWindows(Launcher launcher, Multiplier multiplier) {
    this.launcher = launcher;
    this.multiplier = multiplier;
    this.pooling = new PoolingKernels(launcher);
  }

  @Override
  public void convolution(
      Geometry geometry,
      INDArray input,
      Weights weights,
      String name,
      INDArray bias,
      INDArray output) {
    Operand filter = filter(geometry, weights.get(name));
    PlaceChunks.of(geometry, filter.columns())
        .forEach(
            geometry,
            (picture, pictures, place, places) -> {
              INDArray columns = columns(geometry, input, picture, pictures, place, places);
              multiplier.multiply(
                  new MatrixProduct(
                      filter,
                      columns(columns, filter.columns(), pictures, places),
                      places(geometry, output, filter.rows(), picture, place, places),
                      1,
                      0,
                      bias,
                      true,
                      1,
                      pictures));
            });
  }

  @Override
  public void convolutionInputGradient(
      Geometry geometry,
      INDArray outputGradient,
      Weights weights,
      String name,
      boolean bias,
      INDArray inputGradient) {
    Operand filter = filter(geometry, weights.get(name));
    PlaceChunks.of(geometry, filter.columns())
        .forEach(
            geometry,
            (picture, pictures, place, places) -> {
              INDArray columns = launcher.scratch(COLUMNS, filter.columns() * pictures * places);
              multiplier.multiply(
                  new MatrixProduct(
                      filter.transposed(),
                      places(geometry, outputGradient, filter.rows(), picture, place, places),
                      columns(columns, filter.columns(), pictures, places),
                      1,
                      0,
                      null,
                      false,
                      1,
                      pictures));
              addUp(geometry, columns, inputGradient, picture, pictures, place, places);
            });
  }

  @Override
  public void convolutionWeightGradient(
      Geometry geometry, INDArray input, INDArray outputGradient, INDArray filter, INDArray bias) {
    Operand sum = filter(geometry, filter);
    PlaceChunks.of(geometry, Math.max(sum.columns(), sum.rows()))
        .forEach(
            geometry,
            (picture, pictures, place, places) -> {
              INDArray columns = columns(geometry, input, picture, pictures, place, places);
              INDArray lines =
                  lines(geometry, outputGradient, sum.rows(), picture, pictures, place, places);
              multiplier.multiply(
                  MatrixProduct.of(
                      lines(lines, sum.rows(), pictures * places),
                      lines(columns, sum.columns(), pictures * places).transposed(),
                      sum,
                      1));
            });
    if (bias != null) {
      addBiasGradient(geometry, outputGradient, bias);
    }
  }

  @Override
  public void pooling(
      Geometry geometry, boolean largest, INDArray input, INDArray kept, INDArray output) {
    pooling.forward(geometry, largest, input, kept, output);
  }

  @Override
  public long poolingKeeps(Geometry geometry, boolean largest) {
    return PoolingKernels.keeps(geometry, largest);
  }

  @Override
  public void poolingGradient(
      Geometry geometry,
      boolean largest,
      INDArray input,
      INDArray kept,
      INDArray outputGradient,
      INDArray inputGradient) {
    pooling.backward(geometry, largest, kept, outputGradient, inputGradient);
  }

  /** The filter as a matrix: a row for each output. */
  private static Operand filter(Geometry geometry, INDArray filter) {
    long outputs = filter.size(0);
    long under =
        geometry.channels() * geometry.vertical().window() * geometry.horizontal().window();
    return new Operand(filter, 0, outputs, under, outputs, true, 0, 0);
  }

  /** A chunk's columns as a matrix for each picture. */
  private static Operand columns(INDArray columns, long height, long pictures, long places) {
    return new Operand(columns, 0, height, places, pictures * places, false, 0, places);
  }

  /** All of a chunk as one matrix. */
  private static Operand lines(INDArray lines, long height, long length) {
    return new Operand(lines, 0, height, length, length, false, 0, 0);
  }

  /** A chunk of what convolutions put out, as a matrix for each picture. */
  private static Operand places(
      Geometry geometry, INDArray array, long outputs, long picture, long place, long places) {
    long all = places(geometry);
    long one = outputs * all;
    return new Operand(array, picture * one + place, outputs, places, all, false, 0, one);
  }

  private static long places(Geometry geometry) {
    return geometry.vertical().places() * geometry.horizontal().places();
  }

  private static long points(Geometry geometry) {
    return geometry.channels() * geometry.vertical().length() * geometry.horizontal().length();
  }

  private INDArray columns(
      Geometry geometry, INDArray input, long picture, long pictures, long place, long places) {
    Axis v = geometry.vertical();
    Axis h = geometry.horizontal();
    long count = geometry.channels() * v.window() * h.window() * pictures * places;
    INDArray columns = launcher.scratch(COLUMNS, count);
    launcher
        .kernel("windows_to_columns")
        .array(input, picture * points(geometry))
        .array(columns)
        .whole(count)
        .whole(pictures * places)
        .whole(places)
        .whole(place)
        .whole(geometry.channels())
        .whole(v.length())
        .whole(h.length())
        .whole(v.window())
        .whole(v.stride())
        .whole(v.before())
        .whole(h.stride())
        .whole(h.before())
        .whole(h.places())
        .each(count);
    return columns;
  }

  private void addUp(
      Geometry geometry,
      INDArray columns,
      INDArray inputGradient,
      long picture,
      long pictures,
      long place,
      long places) {
    Axis v = geometry.vertical();
    Axis h = geometry.horizontal();
    long count = pictures * points(geometry);
    launcher
        .kernel("columns_to_windows")
        .array(columns)
        .array(inputGradient, picture * points(geometry))
        .whole(count)
        .whole(pictures * places)
        .whole(places)
        .whole(place)
        .whole(geometry.channels())
        .whole(v.length())
        .whole(h.length())
        .whole(v.window())
        .whole(h.window())
        .whole(v.stride())
        .whole(v.before())
        .whole(h.stride())
        .whole(h.before())
        .whole(v.places())
        .whole(h.places())
        .choice(place == 0 ? 0 : 1)
        .each(count);
  }

  private INDArray lines(
      Geometry geometry,
      INDArray gradient,
      long outputs,
      long picture,
      long pictures,
      long place,
      long places) {
    long count = outputs * pictures * places;
    INDArray lines = launcher.scratch(LINES, count);
    launcher
        .kernel("places_to_lines")
        .array(gradient, picture * outputs * places(geometry))
        .array(lines)
        .whole(count)
        .whole(pictures * places)
        .whole(places)
        .whole(place)
        .whole(outputs)
        .whole(places(geometry))
        .each(count);
    return lines;
  }

  private void addBiasGradient(Geometry geometry, INDArray outputGradient, INDArray bias) {
    long outputs = bias.length();
    long places = places(geometry);
    long parts = (geometry.rows() * places + PART - 1) / PART;
    INDArray sums = launcher.scratch(LINES, outputs * parts);
    launcher
        .kernel("places_sum_of_part")
        .array(outputGradient)
        .array(sums)
        .whole(geometry.rows())
        .whole(outputs)
        .whole(places)
        .whole(parts)
        .whole(PART)
        .blocks(outputs * parts, LINE);
    launcher
        .kernel("places_add_parts")
        .array(sums)
        .array(bias)
        .whole(outputs)
        .whole(parts)
        .each(outputs);
  }
}
