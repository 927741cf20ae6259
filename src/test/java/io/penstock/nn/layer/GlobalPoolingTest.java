package io.penstock.nn.layer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.nn.Data;
import io.penstock.nn.Parameters;
import io.penstock.nn.Shape;
import io.penstock.nn.ShapeException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class GlobalPoolingTest {
  private static final Parameters NONE = Parameters.zeros(List.of());

  @Test
  void everyChannelBecomesOneNumber() {
    INDArray input = Nd4j.createFromArray(1f, 5, 2, 4, 7, 9).reshape('c', 1, 2, 3);
    Data.assertClose(new double[] {5, 9}, pool(Pooling.Kind.MAX, input), 0);
    Data.assertClose(new double[] {8.0 / 3, 20.0 / 3}, pool(Pooling.Kind.AVERAGE, input), 1e-6);
  }

  private static INDArray pool(Pooling.Kind kind, INDArray input) {
    return new GlobalPooling(kind).forward(input, NONE, Data.TRAINING).output();
  }

  @Test
  void rowsOfOneDimensionAreRefused() {
    GlobalPooling layer = new GlobalPooling(Pooling.Kind.MAX);
    assertEquals(Shape.of(3), layer.outputShape(Shape.of(3, 4, 5)));
    String message =
        assertThrows(ShapeException.class, () -> layer.outputShape(Shape.of(7))).getMessage();
    assertTrue(message.contains("[7]") && message.contains("leave it out"), message);
  }
}
