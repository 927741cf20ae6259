package io.penstock.nn.loss;

import static io.penstock.nn.Data.assertClose;
import static io.penstock.nn.Data.assertSameBits;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.nn.Data;
import io.penstock.nn.Gradients;
import io.penstock.nn.Loss;
import io.penstock.nn.Shape;
import io.penstock.nn.ShapeException;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

class SquaredErrorTest {
  private static final Loss LOSS = Losses.squaredError();

  @Test
  void knownValues() {
    INDArray y = Data.floats(new float[][] {{1, 2}, {3, 4}}).dup('f');
    INDArray t = Data.floats(new float[][] {{0, 2}, {3, 1}});
    assertEquals((1 + 0 + 0 + 9) / 2.0, LOSS.score(y, t), 0);
    assertClose(new double[] {0.5, 0, 0, 1.5}, LOSS.gradient(y, t, 0.5), 0);
    assertSameBits(y, LOSS.prediction(y), "the output is the prediction");
  }

  @Test
  void gradientAgreesWithCentralDifferences() {
    for (int rows : new int[] {1, 4}) {
      INDArray y = Data.random(3, DataType.DOUBLE, rows, 5);
      INDArray t = Data.random(4, DataType.FLOAT, rows, 5);
      Gradients.check("squared", y, LOSS.gradient(y, t, 1), () -> LOSS.score(y, t));
    }
  }

  @Test
  void labelsHaveTheOutputsShape() {
    assertEquals(3, LOSS.labelWidth(Shape.of(3)));
    INDArray y = Data.random(3, DataType.FLOAT, 2, 5);
    String message =
        assertThrows(
                ShapeException.class, () -> LOSS.score(y, Data.random(4, DataType.FLOAT, 2, 1)))
            .getMessage();
    assertTrue(message.contains("[2, 5]") && message.contains("[2, 1]"), message);
    assertThrows(ShapeException.class, () -> LOSS.checkOutput(Shape.of(2, 2)));
  }
}
