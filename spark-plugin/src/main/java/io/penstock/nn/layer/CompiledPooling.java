package io.penstock.nn.layer;

import io.penstock.compute.Kernels;
import io.penstock.compute.Memory;
import io.penstock.nn.Forward;
import io.penstock.nn.Weightless;
import io.penstock.nn.onednn.PoolingKernel;
import io.penstock.nn.onednn.Sweep;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Pooling by oneDNN's kernels. Of the input, only the places of the largest numbers are kept. */
final class CompiledPooling {
  private CompiledPooling() {}

  static Forward forward(
      Sweep sweep, Pooling.Kind kind, INDArray input, INDArray output, Memory memory) {
    PoolingKernel.Size size = new PoolingKernel.Size(sweep, kind == Pooling.Kind.MAX);
    Kernels kernels = memory.kernels();
    PoolingKernel kernel = kernels.get(size, PoolingKernel::new);
    long length = kernel.placesLength();
    INDArray places = length == 0 ? null : memory.array(DataType.FLOAT, length);
    kernel.forward(input, output, places, kernels);
    long[] shape = input.shape();
    return new Forward(
        output,
        new Weightless(
            g -> {
              Kernels own = memory.kernels();
              INDArray gradient = memory.array(DataType.FLOAT, shape);
              own.get(size, PoolingKernel::new).backward(memory.dense(g), places, gradient, own);
              return gradient;
            }));
  }
}
