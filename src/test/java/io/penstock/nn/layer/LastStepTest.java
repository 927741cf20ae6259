package io.penstock.nn.layer;

import static io.penstock.nn.Data.assertClose;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.penstock.nn.Data;
import io.penstock.nn.Forward;
import io.penstock.nn.Parameters;
import io.penstock.nn.Shape;
import io.penstock.nn.ShapeException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;

class LastStepTest {
  @Test
  void onlyTheLastVectorStays() {
    INDArray x = Data.floats(new float[][] {{1, 2, 3, 4}, {5, 6, 7, 8}}).reshape('c', 2, 2, 2);
    Forward forward = new LastStep().forward(x, Parameters.zeros(List.of()), Data.TRAINING);
    assertClose(new double[] {3, 4, 7, 8}, forward.output(), 0);
    assertClose(
        new double[] {0, 0, 3, 4, 0, 0, 7, 8},
        forward.backward().inputGradient(forward.output()),
        0);
    assertThrows(ShapeException.class, () -> new LastStep().outputShape(Shape.of(3)));
  }
}
