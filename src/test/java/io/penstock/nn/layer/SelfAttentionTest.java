package io.penstock.nn.layer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.nn.Data;
import io.penstock.nn.Parameters;
import io.penstock.nn.Precisions;
import io.penstock.nn.Shape;
import io.penstock.nn.ShapeException;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

class SelfAttentionTest {
  /** Written out: softmax(q · k / √width) · v, one head after another. */
  @Test
  void itIsTheSumOfValuesByTheSoftmaxOfQueriesAndKeys() {
    for (boolean causal : new boolean[] {false, true}) {
      SelfAttention layer = new SelfAttention(2, causal);
      Shape shape = Shape.of(3, 8);
      Parameters p = Parameters.initial(layer.parameters(shape), 1, 0);
      p.get("projectionBias").assign(Data.random(3, DataType.FLOAT, 24));
      p.get("outputBias").assign(Data.random(4, DataType.FLOAT, 8));
      INDArray x = Data.random(1, DataType.FLOAT, 2, 3, 8);
      double[] actual = Data.values(layer.forward(x, p, Data.TRAINING).output());
      assertArrayEquals(writtenOut(x, p, causal), actual, 1e-5);
    }
  }

  private static double[] writtenOut(INDArray x, Parameters p, boolean causal) {
    double[] result = new double[2 * 3 * 8];
    for (int row = 0; row < 2; row++) {
      double[][] qkv = new double[3][24];
      for (int t = 0; t < 3; t++) {
        for (int o = 0; o < 24; o++) {
          qkv[t][o] = p.get("projectionBias").getDouble(o);
          for (int i = 0; i < 8; i++) {
            qkv[t][o] += x.getDouble(row, t, i) * p.get("projection").getDouble(i, o);
          }
        }
      }
      for (int t = 0; t < 3; t++) {
        double[] taken = new double[8];
        for (int head = 0; head < 2; head++) {
          double[] share = new double[3];
          double sum = 0;
          for (int s = 0; s < (causal ? t + 1 : 3); s++) {
            double score = 0;
            for (int i = head * 4; i < head * 4 + 4; i++) {
              score += qkv[t][i] * qkv[s][8 + i];
            }
            share[s] = Math.exp(score / 2);
            sum += share[s];
          }
          for (int s = 0; s < 3; s++) {
            for (int i = head * 4; i < head * 4 + 4; i++) {
              taken[i] += share[s] / sum * qkv[s][16 + i];
            }
          }
        }
        for (int o = 0; o < 8; o++) {
          double value = p.get("outputBias").getDouble(o);
          for (int i = 0; i < 8; i++) {
            value += taken[i] * p.get("output").getDouble(i, o);
          }
          result[(row * 3 + t) * 8 + o] = value;
        }
      }
    }
    return result;
  }

  @Test
  void singleAndDoublePrecisionAgree() {
    Precisions.agree(new SelfAttention(4, true), Shape.of(9, 32), 3, 1e-4);
    Precisions.agree(new SelfAttention(3, false), Shape.of(7, 9), 2, 1e-4);
  }

  @Test
  void aShorterCausalRunGivesTheFirstNumbersOfALonger() {
    SelfAttention layer = new SelfAttention(2, true);
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
  void headsMustDivideTheWidth() {
    String message =
        assertThrows(
                ShapeException.class, () -> new SelfAttention(3, true).outputShape(Shape.of(2, 8)))
            .getMessage();
    assertTrue(message.contains("3 heads"), message);
    assertThrows(ShapeException.class, () -> new SelfAttention(0, true));
    assertThrows(ShapeException.class, () -> new SelfAttention(1, true).outputShape(Shape.of(8)));
  }

  @Test
  void scoresCountAmongTheOperations() {
    long projections = 64 * (2 * 256 * 4 * 256 + 4 * 256);
    long scores = 2 * 2 * 64 * 64 * 256 + 12 * 4 * 64 * 64;
    assertEquals(projections + scores, new SelfAttention(4, true).flops(Shape.of(64, 256)));
  }
}
