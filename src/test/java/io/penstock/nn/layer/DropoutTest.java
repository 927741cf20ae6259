package io.penstock.nn.layer;

import static io.penstock.nn.Data.assertSameBits;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.nn.Data;
import io.penstock.nn.Parameters;
import io.penstock.nn.Pass;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

class DropoutTest {
  private static final Dropout HALF = new Dropout(0.5);

  @Test
  void theSameKeyGivesTheSameMask() {
    assertArrayEquals(mask(new Pass(true, 1, 2, 3, 4)), mask(new Pass(true, 1, 2, 3, 4)));
  }

  @Test
  void everyPartOfTheKeyCounts() {
    double[] mask = mask(new Pass(true, 1, 2, 3, 4));
    List<Pass> others =
        List.of(
            new Pass(true, 9, 2, 3, 4),
            new Pass(true, 1, 9, 3, 4),
            new Pass(true, 1, 2, 9, 4),
            new Pass(true, 1, 2, 3, 9),
            new Pass(true, 2, 1, 3, 4));
    for (Pass other : others) {
      assertFalse(Arrays.equals(mask, mask(other)), other.toString());
    }
  }

  @Test
  void theShareIsDroppedAndTheRestScaledUp() {
    INDArray ones = Nd4j.ones(DataType.FLOAT, 200, 500);
    double[] kept = Data.values(forward(new Dropout(0.2), ones, Data.TRAINING));
    long zeros = Arrays.stream(kept).filter(v -> v == 0).count();
    assertEquals(20_000, zeros, 600);
    assertTrue(Arrays.stream(kept).allMatch(v -> v == 0 || v == 1.25f));
  }

  @Test
  void aShortMicroBatchDropsWhatALongOneDropsInItsFirstRows() {
    INDArray ones = Nd4j.ones(DataType.FLOAT, 8, 30);
    INDArray first = ones.get(NDArrayIndex.interval(0, 3), NDArrayIndex.all());
    INDArray all = forward(HALF, ones, Data.TRAINING);
    assertSameBits(
        all.get(NDArrayIndex.interval(0, 3), NDArrayIndex.all()),
        forward(HALF, first, Data.TRAINING),
        "first rows");
  }

  /** As the docs of numMicroBatches say. */
  @Test
  void anotherNumberOfMicroBatchesDropsOthers() {
    INDArray ones = Nd4j.ones(DataType.FLOAT, 8, 30);
    INDArray half = Nd4j.ones(DataType.FLOAT, 4, 30);
    INDArray whole = forward(HALF, ones, new Pass(true, 1, 2, 3, 0));
    double[] second = Data.values(forward(HALF, half, new Pass(true, 1, 2, 3, 1)));
    INDArray later = whole.get(NDArrayIndex.interval(4, 8), NDArrayIndex.all());
    assertFalse(Arrays.equals(Data.values(later), second));
  }

  @Test
  void withoutTrainingOrProbabilityNothingIsDropped() {
    INDArray x = Data.random(1, DataType.FLOAT, 4, 5);
    assertSameBits(x, forward(HALF, x, Pass.inference(1)), "predicting");
    assertSameBits(x, forward(new Dropout(0), x, Data.TRAINING), "probability 0");
  }

  @Test
  void theProbabilityMustLeaveSomething() {
    for (double p : new double[] {-0.1, 1, 1.5, Double.NaN}) {
      String message =
          assertThrows(IllegalArgumentException.class, () -> new Dropout(p)).getMessage();
      assertTrue(message.contains("[0, 1)"), message);
    }
  }

  private static double[] mask(Pass pass) {
    return Data.values(forward(HALF, Nd4j.ones(DataType.FLOAT, 8, 16), pass));
  }

  private static INDArray forward(Dropout dropout, INDArray input, Pass pass) {
    return dropout.forward(input, Parameters.zeros(List.of()), pass).output();
  }
}
