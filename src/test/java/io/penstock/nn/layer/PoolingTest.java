package io.penstock.nn.layer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.nn.Data;
import io.penstock.nn.Forward;
import io.penstock.nn.Parameters;
import io.penstock.nn.Shape;
import io.penstock.nn.ShapeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class PoolingTest {
  private static final Parameters NONE = Parameters.zeros(java.util.List.of());

  @ParameterizedTest
  @EnumSource(
      value = DataType.class,
      names = {"FLOAT", "DOUBLE"})
  void theLargestNumberGetsTheWholeGradient(DataType type) {
    Forward forward = pool(Pooling.Kind.MAX, Window.of(2, 2).apart(), type);
    Data.assertClose(new double[] {6, 8}, forward.output(), 0);
    INDArray gradient = Nd4j.createFromArray(3.0, 5).castTo(type).reshape('c', 1, 1, 1, 2);
    Data.assertClose(
        new double[] {0, 0, 0, 0, 0, 3, 0, 5}, forward.backward().inputGradient(gradient), 0);
  }

  @ParameterizedTest
  @EnumSource(
      value = DataType.class,
      names = {"FLOAT", "DOUBLE"})
  void aMeanSharesItsGradient(DataType type) {
    Forward forward = pool(Pooling.Kind.AVERAGE, Window.of(2, 2).apart(), type);
    Data.assertClose(new double[] {3.5, 5.5}, forward.output(), 0);
    INDArray gradient = Nd4j.createFromArray(4.0, 8).castTo(type).reshape('c', 1, 1, 1, 2);
    Data.assertClose(
        new double[] {1, 1, 2, 2, 1, 1, 2, 2}, forward.backward().inputGradient(gradient), 0);
  }

  @ParameterizedTest
  @EnumSource(
      value = DataType.class,
      names = {"FLOAT", "DOUBLE"})
  void paddingCountsForNothing(DataType type) {
    Window window = Window.of(3, 3).withStride(3).withPadding(1);
    Data.assertClose(new double[] {3.5, 5.5}, pool(Pooling.Kind.AVERAGE, window, type).output(), 0);
    INDArray below = Nd4j.valueArrayOf(new long[] {1, 1, 2, 2}, -1, type);
    INDArray max =
        new Pooling(Pooling.Kind.MAX, Window.of(2, 2).withPadding(1))
            .forward(below, NONE, Data.TRAINING)
            .output();
    assertEquals(-1, max.maxNumber().doubleValue());
    assertEquals(-1, max.minNumber().doubleValue());
  }

  private static Forward pool(Pooling.Kind kind, Window window, DataType type) {
    INDArray input =
        Nd4j.createFromArray(1.0, 2, 3, 4, 5, 6, 7, 8).castTo(type).reshape('c', 1, 1, 2, 4);
    return new Pooling(kind, window).forward(input, NONE, Data.TRAINING);
  }

  @Test
  void rowsThatDoNotFitAreExplained() {
    Pooling layer = new Pooling(Pooling.Kind.MAX, Window.of(2, 2));
    String message =
        assertThrows(ShapeException.class, () -> layer.outputShape(Shape.of(3, 9))).getMessage();
    assertTrue(
        message.contains("[3, 9]") && message.contains("[channels, height, width]"), message);
    assertThrows(ShapeException.class, () -> layer.outputShape(Shape.of(3, 1, 9)));
    assertThrows(
        ShapeException.class, () -> layer.forward(Nd4j.zeros(1, 3, 9), NONE, Data.TRAINING));
  }
}
