package io.penstock.nn.layer;

import io.penstock.compute.Kernels;
import io.penstock.compute.Memory;
import io.penstock.compute.host.Blas;
import io.penstock.nn.Backward;
import io.penstock.nn.Forward;
import io.penstock.nn.Parameters;
import io.penstock.nn.Pass;
import io.penstock.nn.onednn.BatchNormKernel;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Batch normalisation by oneDNN's kernels. */
final class CompiledBatchNorm implements Backward {
  private final BatchNormKernel.Size size;
  private final INDArray input;
  private final Parameters parameters;
  private final INDArray mean;
  private final INDArray variance;
  private final Memory memory;

  /** Of which output gradient {@link #scaleAndShift} is the half that no one has asked for yet. */
  private INDArray from;

  private INDArray scaleAndShift;

  private CompiledBatchNorm(
      BatchNormKernel.Size size,
      INDArray input,
      Parameters parameters,
      INDArray mean,
      INDArray variance,
      Memory memory) {
    this.size = size;
    this.input = input;
    this.parameters = parameters;
    this.mean = mean;
    this.variance = variance;
    this.memory = memory;
  }

  /**
   * @param x densely in 'c' order; kept
   */
  static Forward forward(BatchNorm layer, INDArray x, Parameters parameters, Pass pass) {
    Memory memory = pass.memory();
    long rows = x.size(0);
    long channels = x.size(1);
    BatchNormKernel.Size size =
        new BatchNormKernel.Size(
            rows, channels, x.length() / (rows * channels), layer.epsilon(), !pass.training());
    RunningStatistics running = new RunningStatistics(parameters);
    INDArray mean = pass.training() ? memory.array(DataType.FLOAT, channels) : running.mean();
    INDArray variance =
        pass.training() ? memory.array(DataType.FLOAT, channels) : running.variance();
    INDArray output = memory.like(x);
    Kernels kernels = memory.kernels();
    kernels
        .get(size, BatchNormKernel::new)
        .forward(x, parameters.get(BatchNorm.SCALE), mean, variance, output, kernels);
    return new Forward(output, new CompiledBatchNorm(size, x, parameters, mean, variance, memory));
  }

  @Override
  public INDArray inputGradient(INDArray outputGradient) {
    INDArray result = memory.like(input);
    scaleAndShift = memory.array(DataType.FLOAT, 2 * size.channels());
    Kernels kernels = memory.kernels();
    kernels
        .get(size, BatchNormKernel::new)
        .backward(
            input,
            memory.dense(outputGradient),
            parameters.get(BatchNorm.SCALE),
            mean,
            variance,
            result,
            scaleAndShift,
            kernels);
    from = outputGradient;
    return result;
  }

  @Override
  public void weightGradient(INDArray outputGradient, Parameters gradients) {
    // The kernel does both halves at once; the other one has come first, most often.
    if (from != outputGradient) {
      inputGradient(outputGradient);
    }
    // Scale and shift follow each other in the gradients too.
    Blas.add(scaleAndShift, 0, gradients.get(BatchNorm.SCALE), 0, scaleAndShift.length());
    if (!size.given()) {
      new RunningStatistics(parameters).add(size.rows(), mean, variance, gradients);
    }
  }
}
