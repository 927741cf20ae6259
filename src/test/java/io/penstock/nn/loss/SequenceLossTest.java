package io.penstock.nn.loss;

import static io.penstock.nn.Data.assertClose;
import static io.penstock.nn.Data.assertSameBits;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.compute.Memory;
import io.penstock.nn.Data;
import io.penstock.nn.Gradients;
import io.penstock.nn.Loss;
import io.penstock.nn.Shape;
import io.penstock.nn.ShapeException;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** {@link SoftmaxCrossEntropy} with sequences, padding, smoothing and many classes. */
class SequenceLossTest {
  private static final SoftmaxCrossEntropy PLAIN = Losses.softmaxCrossEntropy();
  private static final SoftmaxCrossEntropy SMOOTH = PLAIN.smoothed(0.1);

  private static INDArray ids(int rows, int length, int classes) {
    INDArray ids = Data.random(8, DataType.FLOAT, rows, length);
    for (int i = 0; i < rows * length; i++) {
      ids.putScalar(i, i % 3 == 2 ? -1 : (i * 7) % classes);
    }
    return ids;
  }

  @Test
  void aSequenceIsItsPlacesOneByOne() {
    for (int classes : new int[] {5, 70}) {
      for (Loss loss : new Loss[] {PLAIN, SMOOTH}) {
        INDArray z = Data.random(3, DataType.FLOAT, 2, 4, classes);
        INDArray labels = Data.floats(new float[][] {{1, 0, 4, 3}, {2, 2, 0, 1}});
        INDArray flat = z.dup('c').reshape('c', 8, classes);
        INDArray flatLabels = labels.dup('c').reshape('c', 8, 1);
        assertEquals(loss.score(flat, flatLabels), loss.score(z, labels), 0);
        assertSameBits(
            loss.gradient(flat, flatLabels, 0.3).reshape('c', 2, 4, classes),
            loss.gradient(z, labels, 0.3),
            loss.toString());
        assertEquals(8, loss.weight(labels), 0);
      }
    }
  }

  @Test
  void paddingDoesNotCount() {
    for (int classes : new int[] {3, 64}) {
      INDArray z = Data.random(3, DataType.FLOAT, 1, 2, classes);
      INDArray labels = Data.floats(new float[][] {{2, -1}});
      INDArray first = z.dup('c').reshape('c', 2, classes).getRow(0, true);
      INDArray label = Data.floats(new float[][] {{2}});
      assertEquals(PLAIN.score(first, label), PLAIN.score(z, labels), 1e-6);
      INDArray gradient = PLAIN.gradient(z, labels, 1).reshape('c', 2, classes);
      assertClose(Data.values(PLAIN.gradient(first, label, 1)), gradient.getRow(0, true), 1e-7);
      assertClose(new double[classes], gradient.getRow(1, true), 0);
      assertEquals(1, PLAIN.weight(labels), 0);
    }
    assertFalse(PLAIN.countsEveryRowOnce(Shape.of(4, 3)));
    assertTrue(PLAIN.countsEveryRowOnce(Shape.of(3)));
  }

  @Test
  void gradientsAgreeWithCentralDifferences() {
    INDArray z = Data.random(3, DataType.DOUBLE, 2, 3, 5);
    INDArray labels = ids(2, 3, 5);
    Gradients.check("sequence", z, SMOOTH.gradient(z, labels, 1), () -> SMOOTH.score(z, labels));
  }

  @Test
  void smoothingSpreadsAShareOverAllClasses() {
    INDArray z = Data.doubles(new double[][] {{0.5, -1, 2}});
    INDArray label = Data.floats(new float[][] {{1}});
    double expected = 0;
    for (int i = 0; i < 3; i++) {
      double share = (i == 1 ? 0.9 : 0) + 0.1 / 3;
      expected += share * PLAIN.score(z, Data.floats(new float[][] {{i}}));
    }
    assertEquals(expected, SMOOTH.score(z, label), 1e-12);
    for (double bad : new double[] {-0.1, 1, Double.NaN}) {
      assertThrows(IllegalArgumentException.class, () -> PLAIN.smoothed(bad));
    }
  }

  @Test
  void theKernelForManyClassesAgreesWithDoublePrecision() {
    for (SoftmaxCrossEntropy loss : new SoftmaxCrossEntropy[] {PLAIN, SMOOTH}) {
      INDArray z = Data.random(3, DataType.FLOAT, 6, 7, 1000).muli(8);
      INDArray labels = ids(6, 7, 1000);
      INDArray exact = z.castTo(DataType.DOUBLE);
      assertEquals(loss.score(exact, labels), loss.score(z, labels), 1e-4);
      assertClose(Data.values(loss.gradient(exact, labels, 1)), loss.gradient(z, labels, 1), 1e-6);
      INDArray gradient = Memory.FRESH.like(z);
      double score = loss.gradient(z, labels, 1, gradient, Memory.FRESH.compute(z));
      assertEquals(loss.score(z, labels), score, 0);
    }
    INDArray far = Data.random(3, DataType.FLOAT, 1, 64);
    far.putScalar(0, 5, 1e4);
    double lost = PLAIN.score(far, Data.floats(new float[][] {{6}}));
    assertEquals(1e4 - far.getDouble(0, 6), lost, 1e-3);
  }

  @Test
  void sameBitsWhereverTheOutputLies() {
    for (int rows : new int[] {1, 13}) {
      INDArray z = Data.random(3, DataType.FLOAT, rows, 3, 67);
      INDArray labels = ids(rows, 3, 67);
      INDArray expected = SMOOTH.gradient(z, labels, 0.1);
      for (char order : new char[] {'c', 'f'}) {
        for (int offset = 0; offset < 9; offset++) {
          INDArray view = Data.offsetView(z, order, offset);
          assertSameBits(expected, SMOOTH.gradient(view, labels, 0.1), order + " " + offset);
          assertEquals(SMOOTH.score(z, labels), SMOOTH.score(view, labels), 0);
        }
      }
    }
  }

  @Test
  void arraysMayBeShorterThanDeclaredButLabelsMustFollow() {
    PLAIN.checkOutput(Shape.of(9, 4));
    assertEquals(9, PLAIN.labelWidth(Shape.of(9, 4)));
    INDArray z = Data.random(3, DataType.FLOAT, 2, 5, 4);
    assertTrue(PLAIN.score(z, ids(2, 5, 4)) > 0);
    assertThrows(ShapeException.class, () -> PLAIN.score(z, ids(2, 9, 4)));
    assertClose(new double[] {1, 1}, PLAIN.prediction(z).sum(2).getColumn(0), 1e-6);
  }
}
