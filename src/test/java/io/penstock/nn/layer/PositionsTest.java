package io.penstock.nn.layer;

import static io.penstock.nn.Data.assertClose;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.nn.Data;
import io.penstock.nn.Forward;
import io.penstock.nn.Parameters;
import io.penstock.nn.Shape;
import io.penstock.nn.ShapeException;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;

class PositionsTest {
  @Test
  void aShortSequenceTakesTheFirstPositions() {
    Positions layer = new Positions(3);
    Parameters p = Parameters.zeros(layer.parameters(Shape.of(3, 2)));
    p.flat().assign(Data.floats(new float[][] {{1, 2, 3, 4, 5, 6}}).reshape(6));
    INDArray x = Data.floats(new float[][] {{10, 20, 30, 40}, {0, 0, 0, 0}}).reshape('c', 2, 2, 2);
    Forward forward = layer.forward(x, p, Data.TRAINING);
    assertClose(new double[] {11, 22, 33, 44, 1, 2, 3, 4}, forward.output(), 0);
    Parameters gradients = Parameters.zeros(p.specs());
    forward.backward().weightGradient(x.add(1), gradients);
    assertClose(new double[] {12, 22, 32, 42, 0, 0}, gradients.flat(), 0);
  }

  @Test
  void aLongerSequenceIsRefused() {
    String message =
        assertThrows(ShapeException.class, () -> new Positions(3).outputShape(Shape.of(4, 2)))
            .getMessage();
    assertTrue(message.contains("up to 3"), message);
    assertTrue(message.contains("length of 4"), message);
    assertThrows(ShapeException.class, () -> new Positions(0));
    assertThrows(ShapeException.class, () -> new Positions(3).outputShape(Shape.of(3)));
  }
}
