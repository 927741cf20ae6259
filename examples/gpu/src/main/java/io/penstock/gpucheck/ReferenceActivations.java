package io.penstock.gpucheck;

import io.penstock.compute.Activations;
import io.penstock.compute.Vectors;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Activation functions in double precision, with gradients told from the input. What is not a
 * number stays so. Stateless.
 */
final class ReferenceActivations implements Activations {
  private static final double ROOT = Math.sqrt(2 / Math.PI);
  private static final double CUBE = 0.044715;
  private static final double STEEP = 1.702;

  @Override
  public boolean keepsOutput(Function function) {
    return false;
  }

  @Override
  public void forward(Function function, INDArray input, INDArray output) {
    Doubles x = Doubles.of(input);
    Doubles y = Doubles.of(output);
    for (long i = 0; i < x.length(); i++) {
      y.put(i, value(function, x.get(i)));
    }
  }

  @Override
  public void backward(
      Function function, INDArray kept, INDArray outputGradient, INDArray inputGradient) {
    Doubles x = Doubles.of(kept);
    Doubles from = Doubles.of(outputGradient);
    Doubles to = Doubles.of(inputGradient);
    for (long i = 0; i < x.length(); i++) {
      to.put(i, from.get(i) * slope(function, x.get(i)));
    }
  }

  static double sigmoid(double x) {
    return 1 / (1 + Math.exp(-x));
  }

  private static double value(Function function, double x) {
    return switch (function) {
      case RELU -> Math.max(x, 0);
      case LEAKY_RELU -> x < 0 ? 0.01 * x : x;
      case ELU -> x < 0 ? Math.expm1(x) : x;
      case GELU -> x * Normal.below(x);
      case GELU_TANH -> x * (1 + Math.tanh(ROOT * (x + CUBE * x * x * x))) / 2;
      case GELU_SIGMOID -> x * sigmoid(STEEP * x);
      case SWISH -> x * sigmoid(x);
      case SOFTPLUS -> Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
      case SIGMOID -> sigmoid(x);
      case TANH -> Math.tanh(x);
    };
  }

  private static double slope(Function function, double x) {
    return switch (function) {
      case RELU -> x > 0 ? 1 : 0;
      case LEAKY_RELU -> x > 0 ? 1 : 0.01;
      case ELU -> x > 0 ? 1 : Math.exp(x);
      case GELU -> Normal.below(x) + x * Normal.density(x);
      case GELU_TANH -> {
        double t = Math.tanh(ROOT * (x + CUBE * x * x * x));
        yield (1 + t) / 2 + x * (1 - t * t) * ROOT * (1 + 3 * CUBE * x * x) / 2;
      }
      case GELU_SIGMOID -> gated(x, STEEP);
      case SWISH -> gated(x, 1);
      case SOFTPLUS -> sigmoid(x);
      case SIGMOID -> sigmoid(x) * (1 - sigmoid(x));
      case TANH -> 1 - Math.tanh(x) * Math.tanh(x);
    };
  }

  /** Returns the slope of x σ(steep x). */
  private static double gated(double x, double steep) {
    double open = sigmoid(steep * x);
    return open * (1 + steep * x * (1 - open));
  }

  @Override
  public void softmax(INDArray numbers) {
    Doubles all = Doubles.of(numbers);
    long width = Vectors.width(numbers);
    for (long first = 0; first < all.length(); first += width) {
      double max = Double.NEGATIVE_INFINITY;
      for (long i = 0; i < width; i++) {
        max = Math.max(max, all.get(first + i));
      }
      double sum = 0;
      for (long i = 0; i < width; i++) {
        sum += Math.exp(all.get(first + i) - max);
      }
      for (long i = 0; i < width; i++) {
        all.put(first + i, Math.exp(all.get(first + i) - max) / sum);
      }
    }
  }

  @Override
  public void softmaxGradient(INDArray output, INDArray gradient) {
    Doubles shares = Doubles.of(output);
    Doubles slopes = Doubles.of(gradient);
    long width = Vectors.width(output);
    for (long first = 0; first < shares.length(); first += width) {
      double mean = 0;
      for (long i = first; i < first + width; i++) {
        mean += shares.get(i) * slopes.get(i);
      }
      for (long i = first; i < first + width; i++) {
        slopes.put(i, shares.get(i) * (slopes.get(i) - mean));
      }
    }
  }

  @Override
  public void addAboveDiagonal(INDArray squares, double value) {
    Doubles all = Doubles.of(squares);
    long length = Vectors.width(squares);
    for (long i = 0; i < all.length(); i++) {
      if (i % length > i / length % length) {
        all.add(i, value);
      }
    }
  }
}
