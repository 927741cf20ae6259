package io.penstock.nn.layer;

import static io.penstock.nn.Data.assertClose;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.nn.Data;
import io.penstock.nn.Forward;
import io.penstock.nn.Parameters;
import io.penstock.nn.Shape;
import io.penstock.nn.ShapeException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

class EmbeddingTest {
  private static final Embedding LAYER = new Embedding(3, 2);

  @Test
  void everyIdHasItsVectorAndPaddingZeros() {
    for (DataType type : new DataType[] {DataType.FLOAT, DataType.DOUBLE}) {
      Parameters p = Parameters.zeros(LAYER.parameters(Shape.of(2)), type);
      p.flat().assign(Data.doubles(new double[][] {{1, 2, 3, 4, 5, 6}}).reshape(6).castTo(type));
      INDArray ids = Data.doubles(new double[][] {{2, 0}, {-1, 2}}).castTo(type);
      Forward forward = LAYER.forward(ids, p, Data.TRAINING);
      assertClose(new double[] {5, 6, 1, 2, 0, 0, 5, 6}, forward.output(), 0);

      Parameters gradients = Parameters.zeros(p.specs(), type);
      INDArray g = Data.doubles(new double[][] {{1, 2, 3, 4}, {50, 60, 7, 8}}).castTo(type);
      forward.backward().weightGradient(g.reshape('c', 2, 2, 2), gradients);
      assertClose(new double[] {3, 4, 0, 0, 8, 10}, gradients.flat(), 0);
      assertClose(new double[4], forward.backward().inputGradient(g.reshape('c', 2, 2, 2)), 0);
    }
  }

  @Test
  void whatIsNoIdIsRefusedWithItsPlace() {
    Parameters p = Parameters.zeros(LAYER.parameters(Shape.of(2)));
    for (String told : List.of("3", "0.5", "NaN")) {
      float id = Float.parseFloat(told);
      INDArray ids = Data.floats(new float[][] {{0, 1}, {2, id}});
      String message =
          assertThrows(IllegalArgumentException.class, () -> LAYER.forward(ids, p, Data.TRAINING))
              .getMessage();
      assertTrue(message.contains("Token id " + told + " at"), message);
      assertTrue(message.contains("position 1 of a micro-batch's row 1"), message);
      assertTrue(message.contains("from 0 to 2"), message);
    }
  }

  @Test
  void itTakesIdsOnly() {
    assertThrows(ShapeException.class, () -> LAYER.outputShape(Shape.of(2, 3)));
    assertThrows(ShapeException.class, () -> new Embedding(0, 2));
    assertThrows(ShapeException.class, () -> new Embedding(1 << 25, 2));
    assertThrows(ShapeException.class, () -> new Embedding(3, 0));
    assertEquals(Shape.of(7, 2), LAYER.outputShape(Shape.of(7)));
    assertEquals(14, LAYER.flops(Shape.of(7)));
  }
}
