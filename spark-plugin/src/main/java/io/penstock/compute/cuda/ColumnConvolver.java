package io.penstock.compute.cuda;

import io.penstock.compute.Geometry;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Convolutions as products of matrices: lays the numbers under the window out as a matrix (im2col;
 * Chellapilla, Puri and Simard 2006, <i>High Performance Convolutional Neural Networks for Document
 * Processing</i>), chunk by chunk, and multiplies that; for a window of one number they lie so
 * already. Nothing is added up in an order that chance decides: gradients are gathered, not
 * scattered. For one thread.
 */
final class ColumnConvolver implements Convolver {
  private final Multiplier multiplier;
  private final ColumnKernels columns;

  ColumnConvolver(Launcher launcher, Multiplier multiplier) {
    this.multiplier = multiplier;
    this.columns = new ColumnKernels(launcher);
  }

  @Override
  public void forward(
      Geometry geometry, INDArray input, INDArray filter, INDArray bias, INDArray output) {
    Operand all = matrix(geometry, filter);
    PlaceChunk.forEach(
        geometry,
        all.columns(),
        chunk -> {
          Operand under =
              chunk.isPointwise()
                  ? chunk.of(input, geometry.channels())
                  : chunk.columns(columns.columns(chunk, input));
          multiplier.multiply(
              MatrixProduct.of(all, under, chunk.of(output, all.rows()), 0)
                  .ofHeads(chunk.pictures())
                  .withBiasOfRows(bias));
        });
  }

  @Override
  public void inputGradient(
      Geometry geometry, INDArray outputGradient, INDArray filter, INDArray inputGradient) {
    Operand all = matrix(geometry, filter);
    PlaceChunk.forEach(
        geometry,
        all.columns(),
        chunk -> {
          INDArray room = chunk.isPointwise() ? inputGradient : columns.room(chunk);
          Operand under =
              chunk.isPointwise()
                  ? chunk.of(inputGradient, geometry.channels())
                  : chunk.columns(room);
          multiplier.multiply(
              MatrixProduct.of(all.transposed(), chunk.of(outputGradient, all.rows()), under, 0)
                  .ofHeads(chunk.pictures()));
          if (!chunk.isPointwise()) {
            columns.addUp(chunk, room, inputGradient);
          }
        });
  }

  @Override
  public void filterGradient(
      Geometry geometry, INDArray input, INDArray outputGradient, INDArray filterGradient) {
    Operand sum = matrix(geometry, filterGradient);
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
  }

  /** The filter as a matrix: a row for each output. */
  private static Operand matrix(Geometry geometry, INDArray filter) {
    long outputs = filter.size(0);
    long under =
        geometry.channels() * geometry.vertical().window() * geometry.horizontal().window();
    return new Operand(filter, 0, outputs, under, outputs, true, 0, 0);
  }

  @Override
  public void clear() {} // products are the multiplier's
}
