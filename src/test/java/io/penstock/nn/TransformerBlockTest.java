package io.penstock.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

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
  void sizesAreChecked() {
    assertThrows(ShapeException.class, () -> new TransformerBlock(0, 4, true, 0));
    assertThrows(ShapeException.class, () -> new TransformerBlock(1, 0, true, 0));
    assertThrows(IllegalArgumentException.class, () -> new TransformerBlock(1, 4, true, 1));
    assertThrows(
        ShapeException.class, () -> new TransformerBlock(1, 4, true, 0).outputShape(Shape.of(8)));
    assertEquals(
        Shape.of(3, 8), new TransformerBlock(2, 4, true, 0).outputShape(Shape.of(3, 8)));
  }
}
