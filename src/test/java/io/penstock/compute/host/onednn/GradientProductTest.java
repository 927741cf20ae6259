package io.penstock.compute.host.onednn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

class GradientProductTest {
  private static final long[] ODD = {1, 3, 7, 17, 33, 64, 100};

  @BeforeAll
  static void oneDnnIsThere() {
    assumeTrue(OneDnn.isThere(), "no oneDNN for this platform");
  }

  @Test
  void theGradientIsAddedToTheSumAndNothingBesideItIsWritten() {
    long around = 64;
    for (long rows : ODD) {
      for (long inputs : ODD) {
        for (long outputs : ODD) {
          INDArray x = random(rows, inputs);
          INDArray g = random(rows, outputs);
          INDArray all = Nd4j.valueArrayOf(new long[] {inputs * outputs + 2 * around}, 7f);
          INDArray sum =
              all.get(NDArrayIndex.interval(around, around + inputs * outputs))
                  .reshape('f', inputs, outputs);
          GradientProduct product =
              new GradientProduct(new GradientProduct.Size(rows, inputs, outputs));
          product.add(x, g, sum);
          INDArray exact = x.castTo(DataType.DOUBLE).transpose().mmul(g.castTo(DataType.DOUBLE));
          for (long i = 0; i < inputs; i++) {
            for (long j = 0; j < outputs; j++) {
              double found = all.getDouble(around + j * inputs + i);
              assertEquals(7 + exact.getDouble(i, j), found, 1e-4);
            }
          }
          for (long i = 0; i < around; i++) {
            assertEquals(7, all.getFloat(i));
            assertEquals(7, all.getFloat(around + inputs * outputs + i));
          }
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "1, 64, 64, false", // a call's time
    "64, 1024, 1024, false", // the sum comes from memory
    "4096, 33, 64, false", // registers half empty
    "128, 256, 128, true",
    "4096, 16, 16, true"
  })
  void suitsSumsThatStayInTheCache(long rows, long inputs, long outputs, boolean suits) {
    assertEquals(suits, GradientProduct.suits(rows, inputs, outputs));
  }

  private static INDArray random(long rows, long columns) {
    return Nd4j.rand(DataType.FLOAT, rows, columns).subi(0.5);
  }
}
