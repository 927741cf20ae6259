package io.penstock.nn.layer;

import static io.penstock.nn.Data.assertClose;

import io.penstock.nn.Data;
import io.penstock.nn.Parameters;
import io.penstock.nn.Shape;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;

class GruTest {
  @Test
  void theStateGoesFromStepToStep() {
    Gru layer = new Gru(1);
    Parameters p = Parameters.zeros(layer.parameters(Shape.of(2, 1)));
    p.get("weights").assign(Data.floats(new float[][] {{0, 0, 1}}));
    INDArray x = Data.floats(new float[][] {{2, -1}}).reshape('c', 1, 2, 1);
    INDArray actual = layer.forward(x, p, Data.TRAINING).output();
    // All gates are half open: output = 0.5 · output + 0.5 · tanh(x).
    double first = 0.5 * Math.tanh(2);
    assertClose(new double[] {first, 0.5 * first + 0.5 * Math.tanh(-1)}, actual, 1e-6);
  }
}
