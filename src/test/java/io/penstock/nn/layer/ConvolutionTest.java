package io.penstock.nn.layer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.nn.Data;
import io.penstock.nn.Forward;
import io.penstock.nn.Initializer;
import io.penstock.nn.ParameterSpec;
import io.penstock.nn.Parameters;
import io.penstock.nn.Shape;
import io.penstock.nn.ShapeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class ConvolutionTest {
  @ParameterizedTest
  @EnumSource(
      value = DataType.class,
      names = {"FLOAT", "DOUBLE"})
  void outputsAreWeightedSumsOfWhatTheWindowSees(DataType type) {
    Convolution layer = Convolution.of(1, Window.of(2, 2));
    Parameters parameters = Parameters.zeros(layer.parameters(Shape.of(1, 3, 3)), type);
    INDArray weights = parameters.get("weights");
    weights.putScalar(new int[] {0, 0, 0, 0}, 1);
    weights.putScalar(new int[] {0, 0, 0, 1}, 10);
    weights.putScalar(new int[] {0, 0, 1, 0}, 100);
    weights.putScalar(new int[] {0, 0, 1, 1}, 1000);
    parameters.get("bias").assign(0.5);
    INDArray input =
        Nd4j.createFromArray(1.0, 2, 3, 4, 5, 6, 7, 8, 9).castTo(type).reshape('c', 1, 1, 3, 3);
    Forward forward = layer.forward(input, parameters, Data.TRAINING);
    Data.assertClose(new double[] {5421.5, 6532.5, 8754.5, 9865.5}, forward.output(), 1e-9);
    INDArray gradient = Nd4j.createFromArray(1.0, 0, 0, 2).castTo(type).reshape('c', 1, 1, 2, 2);
    Data.assertClose(
        new double[] {1, 10, 0, 100, 1002, 20, 0, 200, 2000},
        forward.backward().inputGradient(gradient),
        1e-9);
    Parameters gradients = Parameters.zeros(parameters.specs(), type);
    gradients.flat().assign(1);
    forward.backward().weightGradient(gradient, gradients);
    Data.assertClose(
        new double[] {12, 15, 21, 24},
        gradients.get("weights").reshape('f', 4, 1).dup().reshape('c', 2, 2).transpose(),
        1e-9);
    Data.assertClose(new double[] {4}, gradients.get("bias"), 1e-9);
  }

  @Test
  void aSequenceIsAPictureOfHeightOne() {
    Convolution line = Convolution.of(5, Window.of(3).same());
    Convolution picture = Convolution.of(5, Window.of(1, 3).same());
    Parameters a = Parameters.initial(line.parameters(Shape.of(4, 7)), 1, 0);
    Parameters b = Parameters.initial(picture.parameters(Shape.of(4, 1, 7)), 1, 0);
    INDArray input = Data.random(1, DataType.FLOAT, 2, 4, 7);
    INDArray expected = picture.forward(input.reshape('c', 2, 4, 1, 7), b, Data.TRAINING).output();
    INDArray actual = line.forward(input, a, Data.TRAINING).output();
    Data.assertSameBits(expected.reshape('c', 2, 5, 7), actual, "sequence");
  }

  @Test
  void shapesFollowWindowStrideAndPadding() {
    Shape input = Shape.of(3, 28, 27);
    assertEquals(Shape.of(8, 26, 25), Convolution.of(8, Window.of(3, 3)).outputShape(input));
    assertEquals(Shape.of(8, 28, 27), Convolution.of(8, Window.of(3, 3).same()).outputShape(input));
    assertEquals(
        Shape.of(8, 14, 14),
        Convolution.of(8, Window.of(3, 3).withStride(2).same()).outputShape(input));
    assertEquals(
        Shape.of(8, 28, 27), Convolution.of(8, Window.of(5, 5).withPadding(2)).outputShape(input));
    assertEquals(
        2L * 8 * 26 * 25 * 27 + 8 * 26 * 25, Convolution.of(8, Window.of(3, 3)).flops(input));
  }

  @Test
  void weightsAreScaledByWhatTheWindowSees() {
    ParameterSpec weights = Convolution.of(8, Window.of(3, 3)).parameters(Shape.of(2, 9, 9)).get(0);
    assertArrayEquals(new Object[] {8L, 2L, 3L, 3L}, weights.shape().toArray());
    assertEquals(Initializer.scaled(18, 1), weights.init());
  }

  @Test
  void rowsThatDoNotFitAreExplained() {
    assertMessage(
        () -> Convolution.of(8, Window.of(3, 3)).outputShape(Shape.of(784)),
        "[784]",
        "[channels, height, width]");
    assertMessage(
        () -> Convolution.of(8, Window.of(5, 5)).outputShape(Shape.of(1, 4, 9)),
        "[5, 5]",
        "[1, 4, 9]");
    assertMessage(() -> Convolution.of(0, Window.of(3, 3)), "0 output");
    assertThrows(
        IllegalArgumentException.class, () -> new Convolution(1, Window.of(3, 3), true, 0));
    Convolution layer = Convolution.of(2, Window.of(3, 3));
    Parameters parameters = Parameters.zeros(layer.parameters(Shape.of(3, 5, 5)));
    assertMessage(
        () -> layer.forward(Nd4j.zeros(1, 4, 5, 5), parameters, Data.TRAINING),
        "3 channels",
        "[1, 4, 5, 5]");
  }

  private static void assertMessage(Runnable run, String... parts) {
    String message = assertThrows(ShapeException.class, run::run).getMessage();
    for (String part : parts) {
      assertTrue(message.contains(part), message);
    }
  }
}
