package io.penstock.nn;

import static io.penstock.nn.Data.assertClose;
import static io.penstock.nn.Data.assertSameBits;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.nn.loss.Losses;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** What every loss makes of the weights of rows. */
class SampleWeightsTest {
  private static final List<Loss> NUMBERS =
      List.of(
          Losses.sigmoidCrossEntropy(),
          Losses.absoluteError(),
          Losses.squaredError(),
          Losses.huber(0.3));
  private static final List<Loss> CLASSES =
      List.of(Losses.softmaxCrossEntropy(), Losses.softmaxCrossEntropy().smoothed(0.1));

  /** Outputs and their labels. */
  private record Case(Loss loss, INDArray output, INDArray labels) {}

  private static List<Case> cases(DataType type) {
    List<Case> cases = new ArrayList<>();
    for (Loss loss : NUMBERS) {
      INDArray t = Data.random(4, type, 3, 5).addi(1.01).divi(2.02);
      cases.add(new Case(loss, Data.random(3, type, 3, 5), t));
    }
    INDArray ids = Data.floats(new float[][] {{2}, {0}, {1}});
    INDArray places = Data.floats(new float[][] {{2, 0, -1}, {0, -1, -1}, {1, 1, 2}});
    for (Loss loss : CLASSES) {
      for (int classes : new int[] {3, 70}) {
        cases.add(new Case(loss, Data.random(3, type, 3, classes), ids));
        cases.add(new Case(loss, Data.random(3, type, 3, 3, classes), places));
      }
    }
    return cases;
  }

  @Test
  void weightsOfOneChangeNoBit() {
    for (Case one : cases(DataType.FLOAT)) {
      SampleWeights ones = SampleWeights.of(1, 1, 1);
      Loss loss = one.loss();
      assertSameBits(
          loss.gradient(one.output(), one.labels(), 0.3),
          loss.gradient(one.output(), one.labels(), ones, 0.3),
          loss.name());
      assertEquals(
          loss.score(one.output(), one.labels()), loss.score(one.output(), one.labels(), ones), 0);
      assertEquals(loss.weight(one.labels()), loss.weight(one.labels(), ones), 0);
    }
  }

  @Test
  void aRowOfWeightTwoIsTwoRowsAndOneOfWeightNoughtIsNone() {
    for (Case one : cases(DataType.DOUBLE)) {
      SampleWeights weights = SampleWeights.of(2, 0, 1);
      INDArray z = one.output();
      INDArray y = one.labels();
      INDArray z2 = Nd4j.concat(0, row(z, 0), row(z, 0), row(z, 2));
      INDArray y2 = Nd4j.concat(0, row(y, 0), row(y, 0), row(y, 2));
      Loss loss = one.loss();
      assertEquals(loss.score(z2, y2), loss.score(z, y, weights), 1e-12, loss.name());
      assertEquals(loss.weight(y2), loss.weight(y, weights), 0, loss.name());
      INDArray gradient = loss.gradient(z, y, weights, 0.3);
      INDArray twice = loss.gradient(z2, y2, 0.3);
      assertClose(Data.values(row(twice, 0).add(row(twice, 1))), row(gradient, 0), 1e-12);
      assertClose(new double[(int) row(z, 1).length()], row(gradient, 1), 0);
      assertClose(Data.values(row(twice, 2)), row(gradient, 2), 1e-12);
    }
  }

  @Test
  void gradientsAgreeWithCentralDifferences() {
    SampleWeights weights = SampleWeights.of(0.25f, 3, 0);
    for (Case one : cases(DataType.DOUBLE)) {
      Gradients.check(
          one.loss().name(),
          one.output(),
          one.loss().gradient(one.output(), one.labels(), weights, 1),
          () -> one.loss().score(one.output(), one.labels(), weights));
    }
  }

  @Test
  void theKernelForManyClassesAgreesWithDoublePrecision() {
    SampleWeights weights = SampleWeights.of(0.25f, 3, 0, 1);
    INDArray labels = Data.floats(new float[][] {{3, -1}, {8, 99}, {1, 1}, {-1, 0}});
    double[] classes = new double[100];
    for (int i = 0; i < classes.length; i++) {
      classes[i] = i % 5 / 2.0;
    }
    Loss loss = Losses.softmaxCrossEntropy().smoothed(0.1).weighted(classes);
    INDArray z = Data.random(3, DataType.FLOAT, 4, 2, 100);
    INDArray exact = z.castTo(DataType.DOUBLE);
    assertEquals(loss.score(exact, labels, weights), loss.score(z, labels, weights), 1e-5);
    assertClose(
        Data.values(loss.gradient(exact, labels, weights, 1)),
        loss.gradient(z, labels, weights, 1),
        1e-6);
  }

  @Test
  void theLargestAndTheSmallestWeightsDoNotOverflow() {
    for (float weight : new float[] {Float.MAX_VALUE, Float.MIN_VALUE}) {
      for (Case one : cases(DataType.FLOAT)) {
        SampleWeights weights = SampleWeights.of(weight, weight, weight);
        double sum = one.loss().weight(one.labels(), weights);
        assertClose(
            Data.values(one.loss().gradient(one.output(), one.labels(), 1 / (sum / weight))),
            one.loss().gradient(one.output(), one.labels(), weights, 1 / sum),
            1e-6);
        assertEquals(
            one.loss().score(one.output(), one.labels()) / one.loss().weight(one.labels()),
            one.loss().score(one.output(), one.labels(), weights) / sum,
            1e-6);
      }
    }
  }

  @Test
  void weightsMustBeThereForEveryRowAndMakeSense() {
    for (Case one : cases(DataType.FLOAT)) {
      SampleWeights two = SampleWeights.of(1, 1);
      String message =
          assertThrows(
                  ShapeException.class, () -> one.loss().score(one.output(), one.labels(), two))
              .getMessage();
      assertTrue(message.contains("2 weights for 3 rows"), message);
      assertThrows(ShapeException.class, () -> one.loss().weight(one.labels(), two));
    }
    for (float bad : new float[] {-1, Float.NaN, Float.POSITIVE_INFINITY}) {
      String message =
          assertThrows(IllegalArgumentException.class, () -> SampleWeights.of(1, bad)).getMessage();
      assertTrue(message.contains("row 1 is " + bad), message);
    }
  }

  private static INDArray row(INDArray array, int row) {
    long[] shape = array.shape().clone();
    INDArray flat = array.dup('c').reshape('c', shape[0], array.length() / shape[0]);
    shape[0] = 1;
    return flat.getRow(row, true).dup('c').reshape('c', shape);
  }
}
