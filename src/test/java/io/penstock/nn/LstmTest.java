package io.penstock.nn;

import static io.penstock.nn.Data.assertClose;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

class LstmTest {
  @Test
  void theStateGoesFromStepToStep() {
    Lstm layer = new Lstm(1);
    Parameters p = Parameters.zeros(layer.parameters(Shape.of(2, 1)));
    p.get("weights").assign(Data.floats(new float[][] {{0, 0, 0, 1}}));
    INDArray x = Data.floats(new float[][] {{2, -1}}).reshape('c', 1, 2, 1);
    INDArray actual = layer.forward(x, p, Data.TRAINING).output();
    // All gates are half open: cell = (0.5 · cell + 0.5 · tanh(x)), output = 0.5 · tanh(cell).
    double cell = 0.5 * Math.tanh(2);
    double next = 0.5 * cell + 0.5 * Math.tanh(-1);
    assertClose(new double[] {0.5 * Math.tanh(cell), 0.5 * Math.tanh(next)}, actual, 1e-6);
  }

  @Test
  void singleAndDoublePrecisionAgree() {
    Precisions.agree(new Lstm(16), Shape.of(7, 8), 3, 1e-4);
    Precisions.agree(new Lstm(5), Shape.of(4, 3), 2, 1e-4);
  }

  @Test
  void aShorterRunGivesTheFirstNumbersOfALonger() {
    Lstm layer = new Lstm(8);
    Parameters p = Parameters.initial(layer.parameters(Shape.of(9, 16)), 1, 0);
    INDArray x = Data.random(1, DataType.FLOAT, 3, 9, 16);
    INDArray first = x.get(NDArrayIndex.all(), NDArrayIndex.interval(0, 4));
    INDArray all = layer.forward(x, p, Data.TRAINING).output();
    assertArrayEquals(
        Data.values(all.get(NDArrayIndex.all(), NDArrayIndex.interval(0, 4))),
        Data.values(layer.forward(first, p, Data.TRAINING).output()),
        1e-6);
  }

  @Test
  void itTakesSequencesOnly() {
    assertThrows(ShapeException.class, () -> new Lstm(0));
    assertThrows(ShapeException.class, () -> new Lstm(3).outputShape(Shape.of(4)));
  }
}
