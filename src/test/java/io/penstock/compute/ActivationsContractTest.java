package io.penstock.compute;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.penstock.compute.Activations.Function;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.ndarray.INDArray;

/** What every kind does with single numbers and rows, against loops in double precision. */
class ActivationsContractTest {
  private static final int[] SIZES = {1, 3, 7, 17, 33};

  /** Of rows for softmax. */
  private static final int[] WIDTHS = {1, 3, 7, 17, 33, 600, 5000};

  private static final double H = 1e-5;

  private static double[] numbers(INDArray array) {
    return array.dup('c').data().asDouble();
  }

  private static double value(Function function, double x) {
    return switch (function) {
      case RELU -> Math.max(x, 0);
      case LEAKY_RELU -> x < 0 ? 0.01 * x : x;
      case ELU -> x < 0 ? Math.expm1(x) : x;
      case GELU -> x * (1 + erf(x / Math.sqrt(2))) / 2;
      case GELU_TANH ->
          x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x))) / 2;
      case GELU_SIGMOID -> x * sigmoid(1.702 * x);
      case SWISH -> x * sigmoid(x);
      case SOFTPLUS -> Math.log1p(Math.exp(x));
      case SIGMOID -> sigmoid(x);
      case TANH -> Math.tanh(x);
    };
  }

  private static double sigmoid(double x) {
    return 1 / (1 + Math.exp(-x));
  }

  /** By its series around 0, for numbers of a few in size. */
  private static double erf(double x) {
    double term = x;
    double sum = x;
    for (int n = 1; n < 200; n++) {
      term *= -x * x / n;
      sum += term / (2 * n + 1);
    }
    return sum * 2 / Math.sqrt(Math.PI);
  }

  private static double slope(Function function, double x) {
    return (value(function, x + H) - value(function, x - H)) / (2 * H);
  }

  @ParameterizedTest
  @MethodSource("io.penstock.compute.Computing#all")
  void valuesAreThoseOfTheFormulasAlsoInPlace(Computing c) {
    Activations activations = c.compute().activations();
    for (Function function : Function.values()) {
      for (int size : SIZES) {
        for (char order : new char[] {'c', 'f'}) {
          INDArray input = c.random(order, size, 3, size);
          INDArray output = c.random(order, 0, 3, size);
          double[] x = numbers(input);
          activations.forward(function, input, output);
          double[] y = numbers(output);
          for (int i = 0; i < x.length; i++) {
            assertEquals(value(function, x[i]), y[i], 2e-6, function + " of " + x[i]);
          }
          assertArrayEquals(x, numbers(input), 0, "the input is left alone");
          activations.forward(function, input, input);
          assertArrayEquals(y, numbers(input), 0, function + " in place");
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("io.penstock.compute.Computing#all")
  void gradientsAreThoseOfTheFormulasAlsoInPlace(Computing c) {
    Activations activations = c.compute().activations();
    for (Function function : Function.values()) {
      for (int size : SIZES) {
        INDArray input = c.random(size, 3, size);
        INDArray gradient = c.random(1, 3, size);
        INDArray output = c.room(3, size);
        double[] x = numbers(input);
        double[] g = numbers(gradient);
        activations.forward(function, input, output);
        INDArray kept = activations.keepsOutput(function) ? output : input;
        double[] before = numbers(kept);
        INDArray result = c.room(3, size);
        activations.backward(function, kept, gradient, result);
        double[] actual = numbers(result);
        for (int i = 0; i < x.length; i++) {
          assertEquals(g[i] * slope(function, x[i]), actual[i], 2e-5, function + "' of " + x[i]);
        }
        assertArrayEquals(before, numbers(kept), 0, "what was kept is left alone");
        assertArrayEquals(g, numbers(gradient), 0, "the output's gradient is left alone");
        activations.backward(function, kept, gradient, gradient);
        assertArrayEquals(actual, numbers(gradient), 0, function + "' in place");
      }
    }
  }

  @ParameterizedTest
  @MethodSource("io.penstock.compute.Computing#all")
  void softmaxAndItsGradientGoRowByRow(Computing c) {
    for (int rows : SIZES) {
      for (int width : WIDTHS) {
        INDArray array = c.random(1, rows, width);
        // What is forbidden, and what would overflow if it were not taken from the largest.
        array.putScalar(0, width - 1, width > 1 ? -1e30 : 1);
        array.putScalar(rows - 1, 0, 500);
        INDArray gradient = c.random(2, rows, width);
        double[] x = numbers(array);
        double[] g = numbers(gradient);
        INDArray heads = array.dup('c').reshape('c', 1, 1, rows, width);
        INDArray headsGradient = gradient.dup('c').reshape('c', 1, 1, rows, width);
        c.compute().activations().softmax(array);
        c.compute().activations().softmaxGradient(array, gradient);
        double[] y = numbers(array);
        double[] slopes = numbers(gradient);
        c.compute().activations().softmax(heads);
        c.compute().activations().softmaxGradient(heads, headsGradient);
        assertArrayEquals(y, numbers(heads), 0, "vectors of more dimensions");
        assertArrayEquals(slopes, numbers(headsGradient), 0, "their gradients");
        for (int row = 0; row < rows; row++) {
          double max = Double.NEGATIVE_INFINITY;
          for (int i = row * width; i < (row + 1) * width; i++) {
            max = Math.max(max, x[i]);
          }
          double sum = 0;
          for (int i = row * width; i < (row + 1) * width; i++) {
            sum += Math.exp(x[i] - max);
          }
          double mean = 0;
          for (int i = row * width; i < (row + 1) * width; i++) {
            assertEquals(Math.exp(x[i] - max) / sum, y[i], 2e-6, rows + " " + width);
            mean += Math.exp(x[i] - max) / sum * g[i];
          }
          for (int i = row * width; i < (row + 1) * width; i++) {
            double slope = Math.exp(x[i] - max) / sum * (g[i] - mean);
            assertEquals(slope, slopes[i], 4e-6, rows + " " + width);
          }
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("io.penstock.compute.Computing#all")
  void whatIsAddedAboveDiagonalsLeavesTheRest(Computing c) {
    for (int length : SIZES) {
      for (double value : new double[] {-2, 5}) {
        INDArray squares = c.random(1, 1, 3, length, length);
        INDArray before = squares.dup('c');
        c.compute().activations().addAboveDiagonal(squares, value);
        INDArray added = squares.sub(before);
        for (int k = 0; k < 3; k++) {
          for (int i = 0; i < length; i++) {
            for (int j = 0; j < length; j++) {
              double actual = added.getDouble(0, k, i, j);
              assertEquals(j > i ? value : 0, actual, j > i ? 1e-6 : 0, length + " " + i + " " + j);
            }
          }
        }
      }
    }
  }
}
