package io.penstock.nn.loss;

import static io.penstock.nn.Data.assertSameBits;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.nn.Data;
import io.penstock.nn.SampleWeights;
import io.penstock.nn.Shape;
import io.penstock.nn.ShapeException;
import io.penstock.nn.network.Sequential;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** {@link SoftmaxCrossEntropy} with weights of the classes. */
class ClassWeightsTest {
  private static final SoftmaxCrossEntropy PLAIN = Losses.softmaxCrossEntropy();
  private static final SoftmaxCrossEntropy WEIGHTED = PLAIN.weighted(0.5, 3, 0);

  @Test
  void aClassOfAWeightIsItsRowsOfThatWeight() {
    INDArray z = Data.random(3, DataType.FLOAT, 4, 3);
    INDArray labels = Data.floats(new float[][] {{1}, {0}, {2}, {1}});
    for (SoftmaxCrossEntropy loss : List.of(PLAIN, PLAIN.smoothed(0.2))) {
      SampleWeights rows = SampleWeights.of(2, 1, 7, 1);
      SampleWeights both = SampleWeights.of(6, 0.5f, 0, 3);
      SoftmaxCrossEntropy weighted = loss.weighted(0.5, 3, 0);
      assertEquals(loss.score(z, labels, both), weighted.score(z, labels, rows), 1e-12);
      assertEquals(9.5, weighted.weight(labels, rows), 0);
      assertSameBits(
          loss.gradient(z, labels, both, 0.5),
          weighted.gradient(z, labels, rows, 0.5),
          loss.toString());
    }
  }

  @Test
  void everyPlaceOfASequenceHasTheWeightOfItsClass() {
    INDArray z = Data.random(3, DataType.FLOAT, 2, 3, 3);
    INDArray labels = Data.floats(new float[][] {{1, 0, -1}, {2, 1, 1}});
    INDArray flat = z.dup('c').reshape('c', 6, 3);
    INDArray ids = Data.floats(new float[][] {{1}, {0}, {0}, {2}, {1}, {1}});
    SampleWeights each = SampleWeights.of(3, 0.5f, 0, 0, 3, 3);
    assertEquals(PLAIN.score(flat, ids, each), WEIGHTED.score(z, labels), 1e-12);
    assertEquals(9.5, WEIGHTED.weight(labels), 0);
    assertEquals(2 * 3.5 + 0.5 * 6, WEIGHTED.weight(labels, SampleWeights.of(2, 0.5f)), 0);
  }

  @Test
  void weightsOfOneChangeNoBit() {
    INDArray z = Data.random(3, DataType.FLOAT, 2, 3);
    INDArray labels = Data.floats(new float[][] {{1}, {2}});
    SoftmaxCrossEntropy ones = PLAIN.weighted(1, 1, 1);
    assertSameBits(PLAIN.gradient(z, labels, 0.5), ones.gradient(z, labels, 0.5), "ones");
    assertEquals(PLAIN.weight(labels), ones.weight(labels), 0);
    assertFalse(ones.countsEveryRowOnce(Shape.of(3)));
    assertEquals(PLAIN, ones.weighted());
  }

  @Test
  void everyClassNeedsAWeightThatMakesSense() {
    WEIGHTED.checkOutput(Shape.of(5, 3));
    String message =
        assertThrows(ShapeException.class, () -> WEIGHTED.checkOutput(Shape.of(4))).getMessage();
    assertTrue(message.contains("3 class weights") && message.contains("4 classes"), message);
    for (double bad : new double[] {-1, Double.NaN, Double.POSITIVE_INFINITY}) {
      message =
          assertThrows(IllegalArgumentException.class, () -> PLAIN.weighted(1, bad)).getMessage();
      assertTrue(message.contains("class 1 is " + bad), message);
    }
    assertThrows(IllegalArgumentException.class, () -> PLAIN.weighted(0, 0));
    List<Double> none = Arrays.asList(1.0, null);
    message =
        assertThrows(IllegalArgumentException.class, () -> new SoftmaxCrossEntropy(0, none))
            .getMessage();
    assertTrue(message.contains("class 1 is null"), message);
    INDArray outside = Data.floats(new float[][] {{3}});
    assertThrows(IllegalArgumentException.class, () -> WEIGHTED.weight(outside));
  }

  @Test
  void theyAreSavedWithTheNetworkOnlyIfThereAreAny() {
    Sequential net = Sequential.input(4).dense(3).loss(WEIGHTED.smoothed(0.1)).build();
    assertEquals(net, Sequential.fromJson(net.toJson()));
    assertTrue(net.toJson().contains("\"classWeights\":[0.5,3.0,0.0]"), net.toJson());
    Sequential smoothed = Sequential.input(4).dense(3).loss(PLAIN.smoothed(0.1)).build();
    assertFalse(smoothed.toJson().contains("classWeights"), smoothed.toJson());
    assertThrows(ShapeException.class, () -> Sequential.input(4).dense(4).loss(WEIGHTED).build());
  }
}
