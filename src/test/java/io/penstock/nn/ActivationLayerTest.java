package io.penstock.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

class ActivationLayerTest {
  private static final Map<Activation, DoubleUnaryOperator> FORMULAS =
      Map.of(
          Activation.IDENTITY, x -> x,
          Activation.RELU, x -> Math.max(x, 0),
          Activation.LEAKYRELU, x -> x < 0 ? 0.01 * x : x,
          Activation.ELU, x -> x < 0 ? Math.expm1(x) : x,
          Activation.GELU, x -> x * sigmoid(1.702 * x),
          Activation.SWISH, x -> x * sigmoid(x),
          Activation.SOFTPLUS, x -> Math.log1p(Math.exp(x)),
          Activation.SIGMOID, ActivationLayerTest::sigmoid,
          Activation.TANH, Math::tanh);

  @Test
  void outputsAreThoseOfTheFormulas() {
    INDArray x = Data.doubles(new double[][] {{-3, -1, -0.1}, {0, 0.5, 2}});
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
