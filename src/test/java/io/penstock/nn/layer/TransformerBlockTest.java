package io.penstock.nn.layer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.nn.Data;
import io.penstock.nn.Parameters;
import io.penstock.nn.Precisions;
import io.penstock.nn.Shape;
import io.penstock.nn.ShapeException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

class TransformerBlockTest {
  @Test
  void singleAndDoublePrecisionAgree() {
    Precisions.agree(new TransformerBlock(2, 32, true, 0.3), Shape.of(9, 16), 3, 1e-3);
  }

  @Test
  void aShorterCausalRunGivesTheFirstNumbersOfALonger() {
    TransformerBlock layer = new TransformerBlock(2, 32, true, 0);
    Parameters p = Parameters.initial(layer.parameters(Shape.of(9, 16)), 1, 0);
    INDArray x = Data.random(1, DataType.FLOAT, 3, 9, 16);
    INDArray first = x.get(NDArrayIndex.all(), NDArrayIndex.interval(0, 4));
    INDArray all = layer.forward(x, p, Data.TRAINING).output();
    assertArrayEquals(
        Data.values(all.get(NDArrayIndex.all(), NDArrayIndex.interval(0, 4))),
        Data.values(layer.forward(first, p, Data.TRAINING).output()),
        1e-5);
  }

  @Test
  void theActivationIsAsSaidAndGeluOtherwise() {
    INDArray x = Data.random(1, DataType.DOUBLE, 3, 9, 16);
    TransformerBlock usual = new TransformerBlock(2, 32, true, 0);
    assertEquals(new TransformerBlock(2, 32, true, 0, Activation.GELU), usual);
    Parameters p = Parameters.initial(usual.parameters(Shape.of(9, 16)), 1, 0, DataType.DOUBLE);
    double[] gelu = Data.values(usual.forward(x, p, Data.TRAINING).output());
    for (Activation other : List.of(Activation.GELU_TANH, Activation.RELU)) {
      TransformerBlock block = new TransformerBlock(2, 32, true, 0, other);
      double[] values = Data.values(block.forward(x, p, Data.TRAINING).output());
      double farthest = 0;
      for (int i = 0; i < gelu.length; i++) {
        farthest = Math.max(farthest, Math.abs(gelu[i] - values[i]));
      }
      assertTrue(farthest > 1e-6, other + " differs by " + farthest);
      Precisions.agree(block, Shape.of(9, 16), 3, 1e-3);
    }
  }

  @Test
  void sizesAreChecked() {
    assertThrows(ShapeException.class, () -> new TransformerBlock(0, 4, true, 0));
    assertThrows(ShapeException.class, () -> new TransformerBlock(1, 0, true, 0));
    assertThrows(IllegalArgumentException.class, () -> new TransformerBlock(1, 4, true, 1));
    assertThrows(
        ShapeException.class, () -> new TransformerBlock(1, 4, true, 0).outputShape(Shape.of(8)));
    assertEquals(Shape.of(3, 8), new TransformerBlock(2, 4, true, 0).outputShape(Shape.of(3, 8)));
  }
}
