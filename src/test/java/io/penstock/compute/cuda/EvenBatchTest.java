package io.penstock.compute.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.penstock.compute.Matrices;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class EvenBatchTest {
  private static final long LENGTH = 3;
  private static final long WIDTH = 2;

  private static MatrixProduct attention(long rows, long heads) {
    INDArray vectors = Nd4j.create(DataType.FLOAT, rows * LENGTH, 2 * heads * WIDTH);
    INDArray scores = Nd4j.create(DataType.FLOAT, rows, heads, LENGTH, LENGTH);
    Operand a = Operand.of(Matrices.sideBySide(vectors, 0, rows, heads, WIDTH));
    Operand b = Operand.of(Matrices.sideBySide(vectors, heads * WIDTH, rows, heads, WIDTH));
    Operand c = Operand.of(Matrices.dense(scores));
    return new MatrixProduct(a, b.transposed(), c, 1, 0, null, false, rows, heads);
  }

  /** Where all matrices of an operand begin, in the order in which they are computed. */
  private static Set<Long> places(EvenBatch batch, Operand operand) {
    Set<Long> places = new HashSet<>();
    for (long launch = 0; launch < batch.launches(); launch++) {
      for (long one = 0; one < batch.count(); one++) {
        places.add(operand.at() + launch * batch.launchStep(operand) + one * batch.step(operand));
      }
    }
    return places;
  }

  @Test
  void everyMatrixIsInOneLaunch() {
    for (long rows : new long[] {1, 2, 5}) {
      for (long heads : new long[] {1, 3, 4}) {
        MatrixProduct product = attention(rows, heads);
        EvenBatch batch = EvenBatch.of(product);
        for (Operand operand : List.of(product.a(), product.b(), product.c())) {
          Set<Long> expected = new HashSet<>();
          for (long row = 0; row < rows; row++) {
            for (long head = 0; head < heads; head++) {
              expected.add(operand.at() + row * operand.batchStep() + head * operand.headStep());
            }
          }
          assertEquals(expected, places(batch, operand), rows + " rows of " + heads);
        }
        assertEquals(Math.min(rows, heads), batch.launches(), "as few as can be");
      }
    }
  }

  @Test
  void matricesAtEvenStepsAreOneLaunch() {
    Operand dense = Operand.of(Matrices.dense(Nd4j.create(DataType.FLOAT, 4, 5, 3, 3)));
    MatrixProduct product = new MatrixProduct(dense, dense, dense, 1, 0, null, false, 4, 5);
    assertEquals(new EvenBatch(1, 20, false), EvenBatch.of(product));
  }

  @Test
  void theAlignmentIsThatOfAllMatrices() {
    EvenBatch batch = new EvenBatch(1, 3, false);
    assertEquals(16, batch.alignment(operand(0, 4)));
    assertEquals(16, batch.alignment(operand(8, 12)));
    assertEquals(8, batch.alignment(operand(0, 6)));
    assertEquals(8, batch.alignment(operand(2, 4)));
    assertEquals(4, batch.alignment(operand(4, 9)));
    assertEquals(16, new EvenBatch(1, 1, true).alignment(operand(4, 9)));
  }

  private static Operand operand(long at, long headStep) {
    return new Operand(null, at, 3, 3, 3, false, 0, headStep);
  }
}
