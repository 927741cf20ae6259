package io.penstock.nn.layer;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.nn.Data;
import io.penstock.nn.Forward;
import io.penstock.nn.Parameters;
import io.penstock.nn.Shape;
import io.penstock.nn.ShapeException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;

class ResidualTest {
  @Test
  void theInputIsAdded() {
    Residual layer = new Residual(List.of(Dense.of(2)));
    Parameters p = Parameters.zeros(layer.parameters(Shape.of(2)));
    p.get("0.weights").assign(Data.floats(new float[][] {{1, 2}, {3, 4}}));
    INDArray x = Data.floats(new float[][] {{1, 10}});
    Forward forward = layer.forward(x, p, Data.TRAINING);
    Data.assertClose(new double[] {1 + 31, 10 + 42}, forward.output(), 0);
    Data.assertClose(new double[] {1 + 21, 10 + 43}, forward.backward().inputGradient(x), 0);
  }

  @Test
  void theShapeMustStay() {
    Residual layer = new Residual(List.of(Dense.of(3)));
    String message =
        assertThrows(ShapeException.class, () -> layer.outputShape(Shape.of(5, 2))).getMessage();
    assertTrue(message.contains("[5, 3]"), message);
    assertTrue(message.contains("[5, 2]"), message);
    assertThrows(IllegalArgumentException.class, () -> new Residual(List.of()));
  }
}
