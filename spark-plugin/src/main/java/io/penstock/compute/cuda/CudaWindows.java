package io.penstock.compute.cuda;

import io.penstock.compute.Geometry;
import io.penstock.compute.Weights;
import io.penstock.compute.Windows;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Convolution and pooling on a GPU. A convolution lays the numbers under its window out as a matrix
 * (im2col; Chellapilla, Puri and Simard 2006, <i>High Performance Convolutional Neural Networks for
 * Document Processing</i>), chunk by chunk, and multiplies that; for a window of one number they
 * lie so already. Nothing is added up in an order that chance decides: gradients are gathered, not
 * scattered. For one thread.
 */
final class CudaWindows implements Windows {
  private final Multiplier multiplier;
  private final ColumnKernels columns;
  private final PoolingKernels pooling;

  CudaWindows(Launcher launcher, Multiplier multiplier) {
    this.multiplier = multiplier;
    this.columns = new ColumnKernels(launcher);
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
    PlaceChunk.forEach(
        geometry,
        filter.columns(),
        chunk -> {
          Operand under =
              chunk.isPointwise()
                  ? chunk.of(input, geometry.channels())
                  : chunk.columns(columns.columns(chunk, input));
          multiplier.multiply(
              MatrixProduct.of(filter, under, chunk.of(output, filter.rows()), 0)
                  .ofHeads(chunk.pictures())
                  .withBiasOfRows(bias));
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
    PlaceChunk.forEach(
        geometry,
        filter.columns(),
        chunk -> {
          INDArray room = chunk.isPointwise() ? inputGradient : columns.room(chunk);
          Operand under =
              chunk.isPointwise()
                  ? chunk.of(inputGradient, geometry.channels())
                  : chunk.columns(room);
          multiplier.multiply(
              MatrixProduct.of(
                      filter.transposed(), chunk.of(outputGradient, filter.rows()), under, 0)
                  .ofHeads(chunk.pictures()));
          if (!chunk.isPointwise()) {
            columns.addUp(chunk, room, inputGradient);
          }
        });
  }

  @Override
  public void convolutionWeightGradient(
      Geometry geometry, INDArray input, INDArray outputGradient, INDArray filter, INDArray bias) {
    Operand sum = filter(geometry, filter);
    PlaceChunk.forEach(
        geometry,
        Math.max(sum.columns(), sum.rows()),
        chunk -> {
          INDArray under = columns.columns(chunk, input);
          INDArray gradient = columns.lines(chunk, outputGradient, sum.rows());
          multiplier.multiply(
              MatrixProduct.of(
                  chunk.lines(gradient, sum.rows()),
                  chunk.lines(under, sum.columns()).transposed(),
                  sum,
                  1));
        });
    if (bias != null) {
      columns.addUpPlaces(geometry, outputGradient, bias);
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
}
