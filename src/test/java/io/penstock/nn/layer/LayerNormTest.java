package io.penstock.nn.layer;

import static io.penstock.nn.Data.assertClose;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.penstock.nn.Data;
import io.penstock.nn.Parameters;
import io.penstock.nn.Precisions;
import io.penstock.nn.Shape;
import io.penstock.nn.ShapeException;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;

class LayerNormTest {
  @Test
  void rowsComeToMeanZeroAndVarianceOneThenAreScaledAndShifted() {
    LayerNorm layer = new LayerNorm(1e-12);
    Parameters p = Parameters.initial(layer.parameters(Shape.of(4)), 1, 0);
    INDArray x = Data.floats(new float[][] {{1, 3, 1, 3}, {0, 0, 10, 10}});
    assertClose(
        new double[] {-1, 1, -1, 1, -1, -1, 1, 1},
        layer.forward(x, p, Data.TRAINING).output(),
        1e-5);
    p.get("scale").assign(2);
    p.get("shift").assign(5);
    assertClose(
        new double[] {3, 7, 3, 7, 3, 3, 7, 7}, layer.forward(x, p, Data.TRAINING).output(), 1e-5);
  }

  @Test
  void singleAndDoublePrecisionAgree() {
    Precisions.agree(LayerNorm.usual(), Shape.of(5, 24), 3, 1e-4);
    Precisions.agree(LayerNorm.usual(), Shape.of(17), 3, 1e-4);
  }

  @Test
  void epsilonMustBePositiveAndRowsFlatOrSequences() {
    assertThrows(IllegalArgumentException.class, () -> new LayerNorm(0));
    assertThrows(IllegalArgumentException.class, () -> new LayerNorm(Double.NaN));
    assertThrows(ShapeException.class, () -> LayerNorm.usual().outputShape(Shape.of(2, 3, 4)));
    assertEquals(96, LayerNorm.usual().flops(Shape.of(3, 4)));
  }
}
