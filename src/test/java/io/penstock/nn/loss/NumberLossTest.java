package io.penstock.nn.loss;

import static io.penstock.nn.Data.assertClose;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.nn.Data;
import io.penstock.nn.Gradients;
import io.penstock.nn.Loss;
import io.penstock.nn.Shape;
import io.penstock.nn.ShapeException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

class NumberLossTest {
  private static final List<Loss> ALL =
      List.of(
          Losses.sigmoidCrossEntropy(),
          Losses.absoluteError(),
          Losses.squaredError(),
          Losses.huber(0.3));

  @Test
  void knownValues() {
    INDArray y = Data.doubles(new double[][] {{1, -3}});
    INDArray t = Data.doubles(new double[][] {{0.5, 0}});
    assertEquals((0.5 + 3) / 2, Losses.absoluteError().score(y, t), 1e-15);
    assertClose(new double[] {0.5, -0.5}, Losses.absoluteError().gradient(y, t, 1), 1e-15);
    assertEquals((0.125 + 2.5) / 2, Losses.huber(1).score(y, t), 1e-15);
    assertClose(new double[] {0.25, -0.5}, Losses.huber(1).gradient(y, t, 1), 1e-15);
    INDArray yes = Data.doubles(new double[][] {{Math.log(3), 0}});
    INDArray labels = Data.doubles(new double[][] {{1, 0}});
    Loss sigmoid = Losses.sigmoidCrossEntropy();
    assertEquals((Math.log(4.0 / 3) + Math.log(2)) / 2, sigmoid.score(yes, labels), 1e-15);
    assertClose(new double[] {-0.125, 0.25}, sigmoid.gradient(yes, labels, 1), 1e-15);
    assertClose(new double[] {0.75, 0.5}, sigmoid.prediction(yes), 1e-12);
  }

  @Test
  void gradientsAgreeWithCentralDifferences() {
    for (Loss loss : ALL) {
      INDArray y = Data.random(3, DataType.DOUBLE, 4, 5).muli(3);
      INDArray t = Data.random(4, DataType.DOUBLE, 4, 5).addi(1.01).divi(2.02);
      Gradients.check(loss.name(), y, loss.gradient(y, t, 1), () -> loss.score(y, t));
      assertEquals(loss.score(y, t), loss.gradient(y, t, 1, y.dup('c')), 0);
      assertEquals(4, loss.weight(t), 0);
    }
  }

  @Test
  void largeOutputsDoNotOverflow() {
    INDArray y = Data.floats(new float[][] {{1000, -1000}});
    INDArray wrong = Data.floats(new float[][] {{0, 1}});
    assertEquals(1000, Losses.sigmoidCrossEntropy().score(y, wrong), 0);
    assertClose(new double[] {0.5, -0.5}, Losses.sigmoidCrossEntropy().gradient(y, wrong, 1), 1e-9);
  }

  @Test
  void labelsMustFit() {
    INDArray y = Data.random(3, DataType.FLOAT, 2, 5);
    for (Loss loss : ALL) {
      String message =
          assertThrows(
                  ShapeException.class, () -> loss.score(y, Data.random(4, DataType.FLOAT, 2, 1)))
              .getMessage();
      assertTrue(message.contains("[2, 5]") && message.contains("[2, 1]"), message);
      assertThrows(ShapeException.class, () -> loss.checkOutput(Shape.of(2, 2)));
      assertEquals(5, loss.labelWidth(Shape.of(5)));
    }
    INDArray two = y.dup().assign(2);
    String message =
        assertThrows(
                IllegalArgumentException.class, () -> Losses.sigmoidCrossEntropy().score(y, two))
            .getMessage();
    assertTrue(message.contains("2.0 in row 0"), message);
  }

  @Test
  void aHuberLossNeedsAPositiveDelta() {
    for (double bad : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
      assertThrows(IllegalArgumentException.class, () -> Losses.huber(bad));
    }
  }
}
