package io.penstock.nn.layer;

import static java.util.Map.entry;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.nn.Data;
import io.penstock.nn.Forward;
import io.penstock.nn.Parameters;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

class ActivationLayerTest {
  private static final double[] POINTS = {-3, -1, -0.1, 0, 0.5, 2};

  /** Of torch.nn.functional.gelu, version 1.13, in double precision. */
  private static final double[] GELU = {
    -0.00404969409489031,
    -0.15865525393145702,
    -0.0460172162722971,
    0,
    0.34573123063700656,
    1.9544997361036416
  };

  /** The same with approximate='tanh'. */
  private static final double[] GELU_TANH = {
    -0.0036373920817729943,
    -0.15880800939172324,
    -0.04601724895456484,
    0,
    0.34571400982514394,
    1.954597694087775
  };

  /** Values of a function for which Java has no formula. */
  private record ByPyTorch(double[] values) {
    double at(double x) {
      return values[Arrays.binarySearch(POINTS, x)];
    }
  }

  private static final Map<Activation, DoubleUnaryOperator> FORMULAS =
      Map.ofEntries(
          entry(Activation.IDENTITY, x -> x),
          entry(Activation.RELU, x -> Math.max(x, 0)),
          entry(Activation.LEAKYRELU, x -> x < 0 ? 0.01 * x : x),
          entry(Activation.ELU, x -> x < 0 ? Math.expm1(x) : x),
          entry(Activation.GELU, new ByPyTorch(GELU)::at),
          entry(
              Activation.GELU_TANH,
              x -> x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x))) / 2),
          entry(Activation.GELU_SIGMOID, x -> x * sigmoid(1.702 * x)),
          entry(Activation.SWISH, x -> x * sigmoid(x)),
          entry(Activation.SOFTPLUS, x -> Math.log1p(Math.exp(x))),
          entry(Activation.SIGMOID, ActivationLayerTest::sigmoid),
          entry(Activation.TANH, Math::tanh));

  @Test
  void outputsAreThoseOfTheFormulas() {
    INDArray x = Data.doubles(new double[][] {POINTS}).reshape(2, 3);
    for (Activation activation : Activation.values()) {
      INDArray y =
          new ActivationLayer(activation)
              .forward(x, Parameters.zeros(List.of()), Data.TRAINING)
              .output();
      for (int i = 0; i < 6; i++) {
        double expected = FORMULAS.get(activation).applyAsDouble(x.getDouble(i / 3, i % 3));
        assertEquals(expected, y.getDouble(i / 3, i % 3), 1e-7, activation + " " + i);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = DataType.class,
      names = {"FLOAT", "DOUBLE"})
  void bothGelusAreThoseOfPyTorch(DataType type) {
    for (Activation gelu : List.of(Activation.GELU, Activation.GELU_TANH)) {
      INDArray x = Data.doubles(new double[][] {POINTS}).castTo(type);
      INDArray y =
          new ActivationLayer(gelu).forward(x, Parameters.zeros(List.of()), Data.TRAINING).output();
      double[] expected = gelu == Activation.GELU ? GELU : GELU_TANH;
      Data.assertClose(expected, y, type == DataType.FLOAT ? 1e-6 : 1e-12);
    }
  }

  /** The gradients in double precision are held to central differences: see LayerTest. */
  @ParameterizedTest
  @EnumSource(Activation.class)
  void singlePrecisionGivesWhatDoublePrecisionGives(Activation activation) {
    ActivationLayer layer = new ActivationLayer(activation);
    INDArray x = Data.random(3, DataType.DOUBLE, 7, 31).muli(3);
    INDArray g = Data.random(4, DataType.DOUBLE, 7, 31);
    Parameters none = Parameters.zeros(List.of());
    Forward exact = layer.forward(x, none, Data.TRAINING);
    Forward single = layer.forward(x.castTo(DataType.FLOAT), none, Data.TRAINING);
    Data.assertClose(Data.values(exact.output()), single.output(), 2e-6);
    Data.assertClose(
        Data.values(exact.backward().inputGradient(g)),
        single.backward().inputGradient(g.castTo(DataType.FLOAT)),
        4e-6);
  }

  @Test
  void reluHasNoGradientAtZero() {
    Forward forward =
        new ActivationLayer(Activation.RELU)
            .forward(
                Data.floats(new float[][] {{-1, 0, 1}}),
                Parameters.zeros(List.of()),
                Data.TRAINING);
    INDArray g = forward.backward().inputGradient(Data.floats(new float[][] {{5, 5, 5}}));
    Data.assertClose(new double[] {0, 0, 5}, g, 0);
  }

  @Test
  void namesAreFoundInEitherCaseAndListedWhenUnknown() {
    assertEquals(Activation.RELU, Activation.named("relu"));
    assertEquals(Activation.TANH, Activation.named("TANH"));
    String message =
        assertThrows(IllegalArgumentException.class, () -> Activation.named("rulu")).getMessage();
    assertTrue(message.contains("'rulu'") && message.contains("relu"), message);
  }

  private static double sigmoid(double x) {
    return 1 / (1 + Math.exp(-x));
  }
}
