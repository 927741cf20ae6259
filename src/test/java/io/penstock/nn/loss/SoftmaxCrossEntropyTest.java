package io.penstock.nn.loss;

import static io.penstock.nn.Data.assertClose;
import static io.penstock.nn.Data.assertSameBits;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.array.NativeArrays;
import io.penstock.nn.Data;
import io.penstock.nn.Gradients;
import io.penstock.nn.Loss;
import io.penstock.nn.Shape;
import io.penstock.nn.ShapeException;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

class SoftmaxCrossEntropyTest {
  private static final Loss LOSS = Losses.softmaxCrossEntropy();

  @Test
  void knownValues() {
    INDArray z = Data.doubles(new double[][] {{0, 0}, {Math.log(3), 0}});
    INDArray labels = Data.floats(new float[][] {{0}, {1}});
    assertEquals(Math.log(2) + Math.log(4), LOSS.score(z, labels), 1e-12);
    assertClose(new double[] {-0.25, 0.25, 0.375, -0.375}, LOSS.gradient(z, labels, 0.5), 1e-12);
    assertClose(new double[] {0.5, 0.5, 0.75, 0.25}, LOSS.prediction(z), 1e-12);
  }

  @Test
  void gradientAgreesWithCentralDifferences() {
    for (int rows : new int[] {1, 4}) {
      INDArray z = Data.random(3, DataType.DOUBLE, rows, 5);
      INDArray labels = Data.random(4, DataType.FLOAT, rows, 1).assign(2);
      labels.putScalar(0, 0, 4);
      Gradients.check("softmax", z, LOSS.gradient(z, labels, 1), () -> LOSS.score(z, labels));
    }
  }

  @Test
  void largeOutputsDoNotOverflow() {
    INDArray one = Data.floats(new float[][] {{1000, 0, -1000}});
    INDArray label = Data.floats(new float[][] {{2}});
    assertEquals(2000, LOSS.score(one, label), 0);
    assertClose(new double[] {1, 0, -1}, LOSS.gradient(one, label, 1), 1e-7);

    INDArray two = Data.floats(new float[][] {{1000, 0, -1000}, {-2000, -2000, -3000}});
    INDArray labels = Data.floats(new float[][] {{0}, {1}});
    assertEquals(Math.log(2), LOSS.score(two, labels), 1e-12);
    assertClose(new double[] {0, 0, 0, 0.5, -0.5, 0}, LOSS.gradient(two, labels, 1), 1e-7);
  }

  @Test
  void sameBitsWhereverTheOutputLies() {
    for (int rows : new int[] {1, 37}) {
      INDArray z = Data.random(3, DataType.FLOAT, rows, 11);
      INDArray labels = z.getColumns(0).dup().assign(3);
      INDArray expected = LOSS.gradient(z.dup('f'), labels, 0.1);
      double score = LOSS.score(z.dup('f'), labels);
      for (char order : new char[] {'c', 'f'}) {
        for (int offset = 0; offset < 9; offset++) {
          INDArray view = Data.offsetView(z, order, offset);
          assertSameBits(expected, LOSS.gradient(view, labels, 0.1), order + " " + offset);
          assertEquals(score, LOSS.score(view, labels), 0, order + " " + offset);
        }
      }
      assertTrue(NativeArrays.isDense(expected, 'c'));
    }
  }

  @Test
  void labelsMustBeClassIds() {
    INDArray z = Data.random(3, DataType.FLOAT, 2, 5);
    for (float bad : new float[] {-1, 5, 0.5f, Float.NaN}) {
      INDArray labels = Data.floats(new float[][] {{1}, {bad}});
      String message =
          assertThrows(IllegalArgumentException.class, () -> LOSS.score(z, labels)).getMessage();
      assertTrue(message.contains("row 1") && message.contains("0 to 4"), message);
    }
    INDArray one = Data.floats(new float[][] {{1}});
    assertThrows(ShapeException.class, () -> LOSS.gradient(z, one, 1));
  }

  @Test
  void itNeedsTwoClassesInOneDimensionOrASequenceOfThem() {
    assertEquals(1, LOSS.labelWidth(Shape.of(10)));
    assertThrows(ShapeException.class, () -> LOSS.checkOutput(Shape.of(1)));
    assertThrows(ShapeException.class, () -> LOSS.checkOutput(Shape.of(2, 2, 2)));
    LOSS.checkOutput(Shape.of(2));
  }
}
