package io.penstock.compute.host.onednn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.penstock.nn.Data;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The passes that a processor without a kernel of oneDNN's own takes, on whatever processor. */
class SoftmaxGradientTest {
  private static final int[] ROWS = {1, 2, 5, 33};
  private static final int[] WIDTHS = {1, 2, 3, 7, 8, 10, 16, 17, 64, 250};

  @BeforeAll
  static void oneDnnIsThere() {
    assumeTrue(OneDnn.isThere(), "no oneDNN for this platform");
  }

  private static INDArray softmax(int rows, int width) {
    INDArray output = Data.random(rows + width, DataType.FLOAT, rows, width);
    new Softmax(new Softmax.Size(rows, width)).run(output, output);
    return output;
  }

  private static SoftmaxGradient passes(int rows, int width) {
    return new SoftmaxGradient(new SoftmaxGradient.Size(rows, width), false);
  }

  @Test
  void itIsThatOfTheFormulaAndTheSameWhereverArraysLie() {
    for (int rows : ROWS) {
      for (int width : WIDTHS) {
        INDArray output = softmax(rows, width);
        INDArray gradient = Data.random(7, DataType.FLOAT, rows, width);
        double[] y = Data.values(output);
        double[] g = Data.values(gradient);
        SoftmaxGradient passes = passes(rows, width);
        double[] first = null;
        for (int offset = 0; offset < 9; offset++) {
          INDArray changed = Data.offsetView(gradient, 'c', offset);
          passes.run(Data.offsetView(output, 'c', 8 - offset), changed);
          double[] actual = Data.values(changed);
          first = first == null ? actual : first;
          assertArrayEquals(first, actual, 0, rows + " x " + width + " at " + offset);
        }
        for (int row = 0; row < rows; row++) {
          double sum = 0;
          for (int i = row * width; i < (row + 1) * width; i++) {
            sum += y[i] * g[i];
          }
          for (int i = row * width; i < (row + 1) * width; i++) {
            assertEquals(y[i] * (g[i] - sum), first[i], 1e-6, rows + " x " + width + " at " + i);
          }
        }
      }
    }
  }

  @Test
  void aNumberThatIsNotFiniteIsToldByItsRowAlone() {
    for (double number : new double[] {Double.NaN, 1 / 0.0, -1 / 0.0}) {
      INDArray gradient = Data.random(7, DataType.FLOAT, 3, 10);
      gradient.putScalar(14, number);
      passes(3, 10).run(softmax(3, 10), gradient);
      double[] actual = Data.values(gradient);
      for (int i = 0; i < actual.length; i++) {
        assertTrue(Double.isFinite(actual[i]) == (i / 10 != 1), number + " at " + i);
      }
    }
  }
}
