package io.penstock.compute.cuda;

import io.penstock.compute.Geometry;
import io.penstock.compute.Weights;
import io.penstock.compute.Windows;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Convolution and pooling on a GPU. Filters are read as they lie. For one thread. */
final class CudaWindows implements Windows {
  private final Convolver convolver;
  private final ColumnKernels columns;
  private final PoolingKernels pooling;

  CudaWindows(Launcher launcher, Convolver convolver) {
    this.convolver = convolver;
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
    convolver.forward(geometry, input, weights.get(name), bias, output);
  }

  @Override
  public void convolutionInputGradient(
      Geometry geometry,
      INDArray outputGradient,
      Weights weights,
      String name,
      boolean bias,
      INDArray inputGradient) {
    convolver.inputGradient(geometry, outputGradient, weights.get(name), inputGradient);
  }

  @Override
  public void convolutionWeightGradient(
      Geometry geometry, INDArray input, INDArray outputGradient, INDArray filter, INDArray bias) {
    convolver.filterGradient(geometry, input, outputGradient, filter);
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
}
