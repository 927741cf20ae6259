package io.penstock.compute.host;

import io.penstock.array.NativeArrays;
import io.penstock.compute.Activations;
import io.penstock.compute.Kernels;
import io.penstock.compute.Vectors;
import io.penstock.compute.host.onednn.Elementwise;
import io.penstock.compute.host.onednn.Softmax;
import io.penstock.compute.host.onednn.SoftmaxGradient;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Activation functions by oneDNN, each in one pass over memory. For one thread. */
final class HostActivations implements Activations {
  /** Key of the causal mask for squares of this length; kept with the kernels. */
  private record Above(long length, double value) {}

  private final Kernels kernels;
  private final Blas blas;

  HostActivations(Kernels kernels, Blas blas) {
    this.kernels = kernels;
    this.blas = blas;
  }

  @Override
  public boolean keepsOutput(Function function) {
    return compiled(function).keepsOutput();
  }

  @Override
  public void forward(Function function, INDArray input, INDArray output) {
    kernel(function, input).forward(input, output);
  }

  @Override
  public void backward(
      Function function, INDArray kept, INDArray outputGradient, INDArray inputGradient) {
    kernel(function, kept).backward(kept, outputGradient, inputGradient);
  }

  private Elementwise kernel(Function function, INDArray array) {
    return kernels.get(
        Elementwise.class, function.ordinal(), array.length(), 0, 0, HostActivations::compile);
  }

  private static Elementwise compile(long function, long length, long third, long fourth) {
    Function wanted = Function.values()[(int) function];
    return new Elementwise(new Elementwise.Size(compiled(wanted), length));
  }

  private static Elementwise.Function compiled(Function function) {
    return switch (function) {
      case RELU -> Elementwise.Function.RELU;
      case LEAKY_RELU -> Elementwise.Function.LEAKY_RELU;
      case ELU -> Elementwise.Function.ELU;
      case GELU -> Elementwise.Function.GELU;
      case GELU_TANH -> Elementwise.Function.GELU_TANH;
      case GELU_SIGMOID -> Elementwise.Function.GELU_SIGMOID;
      case SWISH -> Elementwise.Function.SWISH;
      case SOFTPLUS -> Elementwise.Function.SOFTPLUS;
      case SIGMOID -> Elementwise.Function.SIGMOID;
      case TANH -> Elementwise.Function.TANH;
    };
  }

  @Override
  public void softmax(INDArray numbers) {
    Softmax.of(kernels, Vectors.count(numbers), Vectors.width(numbers)).run(numbers, numbers);
  }

  @Override
  public void softmaxGradient(INDArray output, INDArray gradient) {
    SoftmaxGradient.of(kernels, Vectors.count(output), Vectors.width(output)).run(output, gradient);
  }

  @Override
  public void addAboveDiagonal(INDArray squares, double value) {
    long length = Vectors.width(squares);
    INDArray above = kernels.get(new Above(length, value), HostActivations::above);
    blas.addToEach(squares, above, length * length);
  }

  private static INDArray above(Above wanted) {
    long length = wanted.length;
    INDArray above = NativeArrays.array(DataType.FLOAT, 'c', length * length).assign(0);
    for (long i = 0; i < length; i++) {
      for (long j = i + 1; j < length; j++) {
        above.putScalar(i * length + j, wanted.value);
      }
    }
    return above;
  }
}
