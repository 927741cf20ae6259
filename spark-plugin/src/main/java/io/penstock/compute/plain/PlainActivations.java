package io.penstock.compute.plain;

import io.penstock.compute.Activations;
import io.penstock.compute.Vectors;
import java.util.Map;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationELU;
import org.nd4j.linalg.activations.impl.ActivationGELU;
import org.nd4j.linalg.activations.impl.ActivationLReLU;
import org.nd4j.linalg.activations.impl.ActivationReLU;
import org.nd4j.linalg.activations.impl.ActivationSigmoid;
import org.nd4j.linalg.activations.impl.ActivationSoftPlus;
import org.nd4j.linalg.activations.impl.ActivationSwish;
import org.nd4j.linalg.activations.impl.ActivationTanH;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Activation functions by ND4J's, which overwrite what they are given. For one thread. */
final class PlainActivations implements Activations {
  private static final Map<Function, IActivation> ALL =
      Map.of(
          Function.RELU,
          new ActivationReLU(),
          Function.LEAKY_RELU,
          new ActivationLReLU(),
          Function.ELU,
          new ActivationELU(),
          Function.GELU,
          new ExactGelu(),
          Function.GELU_TANH,
          new TanhGelu(),
          Function.GELU_SIGMOID,
          new ActivationGELU(false),
          Function.SWISH,
          new ActivationSwish(),
          Function.SOFTPLUS,
          new ActivationSoftPlus(),
          Function.SIGMOID,
          new ActivationSigmoid(),
          Function.TANH,
          new ActivationTanH());

  @Override
  public boolean keepsOutput(Function function) {
    return false;
  }

  @Override
  public void forward(Function function, INDArray input, INDArray output) {
    if (input != output) {
      output.assign(input);
    }
    INDArray result = ALL.get(function).getActivation(output, true);
    if (result != output) {
      output.assign(result);
    }
  }

  @Override
  public void backward(
      Function function, INDArray kept, INDArray outputGradient, INDArray inputGradient) {
    inputGradient.assign(ALL.get(function).backprop(kept.dup(), outputGradient.dup()).getFirst());
  }

  @Override
  public void softmax(INDArray numbers) {
    INDArray rows = Vectors.matrix(numbers);
    rows.assign(Nd4j.nn().softmax(rows, 1));
  }

  @Override
  public void softmaxGradient(INDArray output, INDArray gradient) {
    INDArray shares = Vectors.matrix(output);
    INDArray slopes = Vectors.matrix(gradient);
    INDArray means = slopes.mul(shares).sum(1).reshape('c', shares.size(0), 1);
    slopes.subiColumnVector(means).muli(shares);
  }

  @Override
  public void addAboveDiagonal(INDArray squares, double value) {
    long length = Vectors.width(squares);
    if (length == 1) {
      return; // nothing lies there, and ND4J adds no vector of one number to rows
    }
    INDArray above = Nd4j.zeros(squares.dataType(), length * length);
    for (long i = 0; i < length; i++) {
      for (long j = i + 1; j < length; j++) {
        above.putScalar(i * length + j, value);
      }
    }
    long many = squares.length() / above.length();
    squares.reshape('c', many, above.length()).addiRowVector(above);
  }
}
