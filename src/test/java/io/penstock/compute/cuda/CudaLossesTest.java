package io.penstock.compute.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.penstock.compute.Losses;
import io.penstock.nn.Data;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

class CudaLossesTest {
  private final Losses losses = new OnDevice().open().losses();

  /** Every row is of class 1 and weighs as much. */
  private record Ones(int count, double weight) implements Losses.Targets {
    @Override
    public int label(int row) {
      return 1;
    }

    @Override
    public double weight(int row) {
      return weight;
    }
  }

  private double score(float... logits) {
    INDArray row = Data.floats(new float[][] {logits});
    return losses.softmaxCrossEntropy(row, new Ones(1, 1), 0, 1, null);
  }

  @Test
  void anInfiniteLogitIsSeenInTheLoss() {
    assertEquals(Double.NaN, score(Float.POSITIVE_INFINITY, 1, 2));
    assertEquals(Double.NaN, score(Float.NaN, 1, 2));
    assertEquals(Double.POSITIVE_INFINITY, score(1, Float.NEGATIVE_INFINITY, 2));
    assertEquals(Math.log1p(Math.E), score(Float.NEGATIVE_INFINITY, 1, 2), 1e-6);
  }

  /** A float has no room for it beside the logits. */
  @Test
  void aSmallLossIsNotLostBesideLargeLogits() {
    assertEquals(Math.log1p(Math.exp(-14)), score(500, 514), 1e-11);
  }

  /** Added up one after the other as floats, so many would lose digits. */
  @Test
  void manyRowsAreAddedUpInDoublePrecision() {
    int rows = 30_000;
    INDArray logits = Data.random(1, DataType.FLOAT, rows, 2);
    double expected = 0;
    double[] z = Data.values(logits);
    for (int row = 0; row < rows; row++) {
      expected += 0.5 * Math.log1p(Math.exp(z[2 * row] - z[2 * row + 1]));
    }
    double actual = losses.softmaxCrossEntropy(logits, new Ones(rows, 0.5), 0, 1, null);
    assertEquals(expected, actual, 1e-8 * expected);
  }

  @Test
  void noRowsHaveNoLoss() {
    INDArray logits = Data.random(1, DataType.FLOAT, 1, 2);
    assertEquals(0, losses.softmaxCrossEntropy(logits, new Ones(0, 1), 0, 1, null));
  }

  /** However many rows a block takes: micro-batches may be short. */
  @Test
  void aRowsGradientDoesNotHangOnThoseBesideIt() {
    INDArray logits = Data.random(1, DataType.FLOAT, 70, 30);
    INDArray last = logits.getRow(69).dup().reshape('c', 1, 30);
    INDArray all = logits.dup();
    INDArray alone = last.dup();
    losses.softmaxCrossEntropy(logits, new Ones(70, 2), 0.1, 0.5, all);
    losses.softmaxCrossEntropy(last, new Ones(1, 2), 0.1, 0.5, alone);
    assertArrayEquals(Data.values(alone), Data.values(all.getRow(69)), 0);
  }
}
