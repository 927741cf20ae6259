package io.penstock.nn.layer;

import io.penstock.compute.Kernels;
import io.penstock.compute.Memory;
import io.penstock.compute.Weights;
import io.penstock.nn.Backward;
import io.penstock.nn.Forward;
import io.penstock.nn.Parameters;
import io.penstock.nn.onednn.ConvolutionKernel;
import io.penstock.nn.onednn.PackedWeights;
import io.penstock.nn.onednn.Sweep;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A convolution by oneDNN's kernels, with weights that are packed once for all micro-batches
 * between two updates.
 *
 * @param input densely in 'c' order; kept
 */
record CompiledConvolution(
    Sweep sweep, long outputs, boolean bias, INDArray input, Parameters parameters, Memory memory)
    implements Backward {
  /** Forward and input gradient may like the same order, and then share what is packed. */
  private record Key(List<Long> order) {}

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

  /** Whether oneDNN has no kernel for this that is made for a processor. */
  boolean isReference() {
    return kernel(memory.kernels()).isReference();
  }

  Forward into(INDArray output) {
    Kernels kernels = memory.kernels();
    ConvolutionKernel kernel = kernel(kernels);
    INDArray offsets = bias ? parameters.get(Convolution.BIAS) : null;
    kernel.forward(input, packed(kernel, false), offsets, output, kernels);
    return new Forward(output, this);
  }

  @Override
  public INDArray inputGradient(INDArray outputGradient) {
    Kernels kernels = memory.kernels();
    ConvolutionKernel kernel = kernel(kernels);
    INDArray result = memory.like(input);
    kernel.inputGradient(memory.dense(outputGradient), packed(kernel, true), result, kernels);
    return result;
  }

  @Override
  public void weightGradient(INDArray outputGradient, Parameters gradients) {
    Kernels kernels = memory.kernels();
    kernel(kernels)
        .weightGradient(
            input,
            memory.dense(outputGradient),
            gradients.get(Convolution.WEIGHTS),
            bias ? gradients.get(Convolution.BIAS) : null,
            kernels);
  }

  private ConvolutionKernel kernel(Kernels kernels) {
    return kernels.get(new ConvolutionKernel.Size(sweep, outputs, bias), ConvolutionKernel::new);
  }

  private PackedWeights packed(ConvolutionKernel kernel, boolean forInputGradient) {
    return parameters
        .derived(
            new Key(kernel.filterOrder(forInputGradient)),
            (own, key) -> new Packed(kernel.filter(forInputGradient), own.get(Convolution.WEIGHTS)))
        .filter();
  }
}
