package io.penstock.compute.host;

import io.penstock.compute.Geometry;
import io.penstock.compute.Kernels;
import io.penstock.compute.Weights;
import io.penstock.compute.Windows;
import io.penstock.compute.host.onednn.ConvolutionKernel;
import io.penstock.compute.host.onednn.PackedWeights;
import io.penstock.compute.host.onednn.PoolingKernel;
import io.penstock.compute.host.onednn.WindowGeometry;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Convolution and pooling by oneDNN. A convolution's filter is packed once for all micro-batches
 * between two updates. Where oneDNN has no kernel that is made for a processor, ND4J's operation is
 * by far the faster. For one thread.
 */
final class HostWindows implements Windows {
  /**
   * Key of a packed filter: forward and input gradient may like the same order, and then share it.
   */
  private record Key(String name, List<Long> order) {}

  private record Packed(PackedWeights filter, INDArray weights) implements Weights.Derived {
    @Override
    public void refresh() {
      filter.pack(weights);
    }

    @Override
    public void free() {
      filter.free();
    }
  }

  private final Kernels kernels;
  private final Windows plain;

  HostWindows(Kernels kernels, Windows plain) {
    this.kernels = kernels;
    this.plain = plain;
  }

  @Override
  public void convolution(
      Geometry geometry,
      INDArray input,
      Weights weights,
      String name,
      INDArray bias,
      INDArray output) {
    ConvolutionKernel kernel = convolution(geometry, weights.get(name), bias != null);
    if (kernel.isReference()) {
      plain.convolution(geometry, input, weights, name, bias, output);
    } else {
      kernel.forward(input, packed(kernel, weights, name, false), bias, output, kernels);
    }
  }

  @Override
  public void convolutionInputGradient(
      Geometry geometry,
      INDArray outputGradient,
      Weights weights,
      String name,
      boolean bias,
      INDArray inputGradient) {
    ConvolutionKernel kernel = convolution(geometry, weights.get(name), bias);
    if (kernel.isReference()) {
      plain.convolutionInputGradient(geometry, outputGradient, weights, name, bias, inputGradient);
    } else {
      PackedWeights filter = packed(kernel, weights, name, true);
      kernel.inputGradient(outputGradient, filter, inputGradient, kernels);
    }
  }

  @Override
  public void convolutionWeightGradient(
      Geometry geometry, INDArray input, INDArray outputGradient, INDArray filter, INDArray bias) {
    ConvolutionKernel kernel = convolution(geometry, filter, bias != null);
    if (kernel.isReference()) {
      plain.convolutionWeightGradient(geometry, input, outputGradient, filter, bias);
    } else {
      kernel.weightGradient(input, outputGradient, filter, bias, kernels);
    }
  }

  @Override
  public void pooling(
      Geometry geometry, boolean largest, INDArray input, INDArray kept, INDArray output) {
    pooling(geometry, largest).forward(input, output, kept, kernels);
  }

  @Override
  public long poolingKeeps(Geometry geometry, boolean largest) {
    return pooling(geometry, largest).placesLength();
  }

  @Override
  public void poolingGradient(
      Geometry geometry,
      boolean largest,
      INDArray input,
      INDArray kept,
      INDArray outputGradient,
      INDArray inputGradient) {
    pooling(geometry, largest).backward(outputGradient, kept, inputGradient, kernels);
  }

  private ConvolutionKernel convolution(Geometry geometry, INDArray filter, boolean bias) {
    return kernels.get(
        new ConvolutionKernel.Size(new WindowGeometry(geometry), filter.size(0), bias),
        ConvolutionKernel::new);
  }

  private PoolingKernel pooling(Geometry geometry, boolean largest) {
    return kernels.get(
        new PoolingKernel.Size(new WindowGeometry(geometry), largest), PoolingKernel::new);
  }

  private static PackedWeights packed(
      ConvolutionKernel kernel, Weights weights, String name, boolean forInputGradient) {
    return weights
        .derived(
            new Key(name, kernel.filterOrder(forInputGradient)),
            (own, key) -> new Packed(kernel.filter(forInputGradient), own.get(name)))
        .filter();
  }
}
