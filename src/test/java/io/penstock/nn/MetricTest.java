package io.penstock.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.nn.loss.Losses;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class MetricTest {
  private static double value(Loss loss, INDArray output, INDArray labels) {
    return value(loss, output, labels, SampleWeights.ONE);
  }

  private static double value(Loss loss, INDArray output, INDArray labels, SampleWeights weights) {
    Metric metric = loss.metric();
    return metric.value(metric.sum(output, labels, weights), metric.count(labels, weights));
  }

  @Test
  void aRowOfWeightTwoIsTwoRowsAndOneOfWeightNothingIsNone() {
    INDArray classes = Nd4j.createFromArray(new float[][] {{0, 1}, {0, 1}, {0, 1}});
    INDArray ids = Nd4j.createFromArray(new float[][] {{1}, {0}, {0}});
    SampleWeights weights = SampleWeights.of(2, 1, 0);
    assertEquals(2.0 / 3, value(Losses.softmaxCrossEntropy(), classes, ids, weights));
    INDArray output = Nd4j.createFromArray(new float[][] {{1, 2}, {3, 4}, {9, 9}});
    INDArray labels = Nd4j.createFromArray(new float[][] {{1, 4}, {0, 5}, {0, 0}});
    assertEquals(Math.sqrt(18 / 6.0), value(Losses.squaredError(), output, labels, weights));
    assertEquals(8 / 6.0, value(Losses.absoluteError(), output, labels, weights));
    INDArray sequences = Nd4j.createFromArray(new float[][][] {{{0, 1}, {0, 1}}, {{1, 0}, {1, 0}}});
    INDArray tags = Nd4j.createFromArray(new float[][] {{1, 0}, {0, -1}});
    assertEquals(
        3 / 5.0,
        value(Losses.softmaxCrossEntropy(), sequences, tags, SampleWeights.of(2, 1)),
        "2 of 4 places, and 1 of 1");
  }

  @Test
  void ofClassesItIsTheShareOfHits() {
    INDArray output = Nd4j.createFromArray(new float[][] {{1, 3, 2}, {5, 5, 0}, {0, 1, 2}});
    INDArray labels = Nd4j.createFromArray(new float[][] {{1}, {1}, {2}});
    assertEquals(2.0 / 3, value(Losses.softmaxCrossEntropy(), output, labels), "first of equals");
    assertEquals("accuracy", Losses.softmaxCrossEntropy().metric().name());
  }

  @Test
  void ofSequencesEveryPlaceCountsButPadding() {
    INDArray output =
        Nd4j.createFromArray(new float[][][] {{{0, 1}, {1, 0}, {0, 1}}, {{1, 0}, {1, 0}, {1, 0}}});
    INDArray labels = Nd4j.createFromArray(new float[][] {{1, 1, -1}, {0, -1, -1}});
    assertEquals(2.0 / 3, value(Losses.softmaxCrossEntropy(), output, labels));
  }

  @Test
  void ofYesOrNoEveryQuestionCounts() {
    INDArray output = Nd4j.createFromArray(new float[][] {{2, -2}, {-0.1f, 0.1f}});
    INDArray labels = Nd4j.createFromArray(new float[][] {{1, 0}, {1, 1}});
    assertEquals(0.75, value(Losses.sigmoidCrossEntropy(), output, labels));
  }

  @Test
  void ofNumbersItIsTheErrorThatGoesWithTheLoss() {
    INDArray output = Nd4j.createFromArray(new float[][] {{1, 2}, {3, 4}});
    INDArray labels = Nd4j.createFromArray(new float[][] {{1, 4}, {0, 5}});
    assertEquals(Math.sqrt(14 / 4.0), value(Losses.squaredError(), output, labels));
    assertEquals(6 / 4.0, value(Losses.absoluteError(), output, labels));
    assertEquals("rmse", Losses.squaredError().metric().name());
    assertEquals("mae", Losses.huber(2).metric().name());
  }

  @Test
  void ofNothingItIsNoNumber() {
    assertTrue(Double.isNaN(Losses.squaredError().metric().value(0, 0)));
    assertTrue(Double.isNaN(Losses.softmaxCrossEntropy().metric().value(0, 0)));
  }
}
