package io.penstock.compute.host.onednn;

import io.penstock.compute.Axis;
import io.penstock.compute.Geometry;
import io.penstock.compute.Kernels;
import java.util.List;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** A program that runs every kernel on many sizes once; oneDNN tells what each was compiled to. */
final class EveryKernel {
  private static final long[] ROWS = {1, 2, 5, 32};

  private final Kernels kernels = new Kernels();

  public static void main(String[] none) {
    EveryKernel all = new EveryKernel();
    all.products();
    all.gradients();
    all.convolutions();
    all.poolings();
    all.batchNorms();
    all.rowsOfNumbers();
    all.steps();
  }

  private void products() {
    for (long[] size : new long[][] {{8, 8}, {17, 33}, {64, 64}, {24, 1000}, {784, 256}}) {
      INDArray weights = ones('f', size[0], size[1]);
      for (long rows = 1; rows <= 1024; rows += rows < 70 ? 1 : 59) {
        PackedProduct product =
            new PackedProduct(new PackedProduct.Size(rows, size[0], size[1], false));
        PackedWeights packed = product.weights(false);
        packed.pack(weights);
        INDArray output = ones('c', rows, size[1]);
        product.run(ones('c', rows, size[0]), packed, null, output);
        packed.free();
        double least = output.minNumber().doubleValue();
        if (least != size[0] || output.maxNumber().doubleValue() != size[0]) {
          throw new AssertionError(rows + " rows of " + List.of(size[0], size[1]) + ": " + least);
        }
      }
    }
  }

  private void gradients() {
    for (long[] size : new long[][] {{16, 16}, {64, 17}, {100, 33}, {784, 256}, {1024, 1024}}) {
      for (long rows = 1; rows <= 1024; rows += rows < 70 ? 3 : 59) {
        if (!GradientProduct.suits(rows, size[0], size[1])) {
          continue;
        }
        GradientProduct product =
            new GradientProduct(new GradientProduct.Size(rows, size[0], size[1]));
        if (!product.isQuick()) {
          continue; // BLAS has it
        }
        INDArray sum = ones('f', size[0], size[1]);
        product.add(ones('c', rows, size[0]), ones('c', rows, size[1]), sum);
        if (sum.minNumber().doubleValue() != rows + 1
            || sum.maxNumber().doubleValue() != rows + 1) {
          throw new AssertionError(rows + " rows of " + List.of(size[0], size[1]));
        }
      }
    }
  }

  private void convolutions() {
    for (long rows : new long[] {1, 5}) {
      for (long channels : new long[] {1, 3, 8, 12, 17, 64}) {
        for (long outputs : new long[] {1, 3, 10, 16, 20, 32}) {
          for (long window : new long[] {1, 3, 5}) {
            for (long stride : new long[] {1, 2}) {
              Axis axis = new Axis(28, window, stride, window / 2, window / 2);
              convolution(new Geometry(rows, channels, new Axis(1, 1, 1, 0, 0), axis), outputs);
              convolution(new Geometry(rows, channels, axis, axis), outputs);
            }
          }
        }
      }
    }
  }

  private void convolution(Geometry geometry, long outputs) {
    ConvolutionKernel kernel =
        new ConvolutionKernel(
            new ConvolutionKernel.Size(new WindowGeometry(geometry), outputs, true));
    if (kernel.isReference()) {
      return; // the layer leaves it to ND4J: one size under SSE4.1
    }
    INDArray input = ones('c', geometry.pictures());
    INDArray output = ones('c', geometry.places(outputs));
    INDArray weights =
        ones(
            'f',
            outputs,
            geometry.channels(),
            geometry.vertical().window(),
            geometry.horizontal().window());
    INDArray bias = ones('c', outputs);
    PackedWeights forward = kernel.filter(false);
    forward.pack(weights);
    kernel.forward(input, forward, bias, output, kernels);
    forward.free();
    PackedWeights backward = kernel.filter(true);
    backward.pack(weights);
    kernel.inputGradient(output, backward, input, kernels);
    backward.free();
    kernel.weightGradient(input, output, weights, bias, kernels);
  }

  private void poolings() {
    for (long rows : ROWS) {
      for (long channels : new long[] {1, 3, 8, 12, 64}) {
        for (boolean max : new boolean[] {false, true}) {
          for (long window : new long[] {2, 3, 14}) {
            Axis axis = new Axis(14, window, 2, 0, 0);
            Geometry geometry = new Geometry(rows, channels, axis, axis);
            PoolingKernel kernel =
                new PoolingKernel(new PoolingKernel.Size(new WindowGeometry(geometry), max));
            INDArray output = ones('c', geometry.places(channels));
            long length = kernel.placesLength();
            INDArray places = length == 0 ? null : ones('c', length);
            INDArray input = ones('c', geometry.pictures());
            kernel.forward(input, output, places, kernels);
            kernel.backward(output, places, input, kernels);
          }
        }
      }
    }
  }

  private void batchNorms() {
    for (long rows : ROWS) {
      for (long channels : new long[] {1, 3, 8, 17, 64}) {
        for (long points : new long[] {1, 7, 196}) {
          for (boolean given : new boolean[] {false, true}) {
            BatchNormKernel kernel =
                new BatchNormKernel(new BatchNormKernel.Size(rows, channels, points, 1e-5, given));
            INDArray input = ones('c', rows, channels, points);
            INDArray output = ones('c', rows, channels, points);
            INDArray both = ones('c', 2, channels);
            INDArray mean = ones('c', channels);
            INDArray variance = ones('c', channels);
            kernel.forward(input, both, mean, variance, output, kernels);
            kernel.backward(
                input, output, both, mean, variance, input, ones('c', 2, channels), kernels);
          }
        }
      }
    }
  }

  private void rowsOfNumbers() {
    for (long rows : ROWS) {
      for (long width : new long[] {1, 2, 3, 7, 8, 10, 16, 17, 64, 250, 1024}) {
        INDArray input = ones('c', rows, width);
        INDArray output = ones('c', rows, width);
        INDArray result = ones('c', rows, width);
        RowNorm norm = new RowNorm(new RowNorm.Size(rows, width, 1e-5f));
        INDArray scale = ones('c', 2, width);
        INDArray mean = ones('c', rows);
        INDArray variance = ones('c', rows);
        norm.forward(input, scale, mean, variance, output);
        norm.backward(input, scale, mean, variance, output, result, ones('c', 2, width));
        new Softmax(new Softmax.Size(rows, width)).run(input, output);
        SoftmaxGradient.Size size = new SoftmaxGradient.Size(rows, width);
        for (boolean own : new boolean[] {true, false}) {
          new SoftmaxGradient(size, own).run(input, output);
        }
        for (Elementwise.Function function : Elementwise.Function.values()) {
          Elementwise elementwise = new Elementwise(new Elementwise.Size(function, rows * width));
          elementwise.forward(input, output);
          elementwise.backward(input, output, result);
        }
      }
    }
  }

  private void steps() {
    for (MomentSteps.Kind kind : MomentSteps.Kind.values()) {
      for (long length : new long[] {1, 2, 3, 7, 8, 16, 17, 1010, 12900}) {
        INDArray state = ones('c', 3 * length);
        new MomentSteps(new MomentSteps.Size(kind, length, 0.9, 0.999))
            .step(0.1, 1e-8, state, ones('c', length), ones('c', length));
      }
    }
  }

  private static INDArray ones(char order, long... shape) {
    return Nd4j.createUninitialized(DataType.FLOAT, shape, order).assign(1);
  }
}
