package io.penstock.nn.onednn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class PackedProductTest {
  @BeforeAll
  static void oneDnnIsThere() {
    assumeTrue(OneDnn.takes(Nd4j.zeros(DataType.FLOAT, 1)), "no oneDNN for this platform");
  }

  @ParameterizedTest
  @CsvSource({"1, 8, 8", "5, 16, 24", "64, 784, 128", "37, 48, 1024", "3, 8, 1000"})
  void isInputTimesWeightsPlusBias(long rows, long inputs, long outputs) {
    INDArray x = random(rows, inputs);
    INDArray weights = random(inputs, outputs).dup('f');
    INDArray bias = random(1, outputs).reshape(outputs);
    INDArray y = Nd4j.createUninitialized(DataType.FLOAT, rows, outputs);
    PackedMatrix packed = new PackedMatrix(inputs, outputs, false);
    packed.pack(weights);
    new PackedProduct(new PackedProduct.Size(rows, inputs, outputs, true))
        .run(x, packed, bias, y);
    assertClose(x.castTo(DataType.DOUBLE).mmul(weights.castTo(DataType.DOUBLE)), bias, y);
  }

  @ParameterizedTest
  @CsvSource({"1, 8, 8", "5, 16, 24", "64, 784, 128"})
  void isRowsTimesTheTranspose(long rows, long inputs, long outputs) {
    INDArray gradient = random(rows, outputs);
    INDArray weights = random(inputs, outputs).dup('f');
    INDArray y = Nd4j.createUninitialized(DataType.FLOAT, rows, inputs);
    PackedMatrix packed = new PackedMatrix(outputs, inputs, true);
    packed.pack(weights);
    new PackedProduct(new PackedProduct.Size(rows, outputs, inputs, false))
        .run(gradient, packed, null, y);
    INDArray transposed = weights.castTo(DataType.DOUBLE).transpose();
    assertClose(
        gradient.castTo(DataType.DOUBLE).mmul(transposed), Nd4j.zeros(DataType.FLOAT, inputs), y);
  }

  @ParameterizedTest
  @CsvSource({"8, 8", "784, 1024"})
  void theSamePackedMatrixServesAnyNumberOfRows(long inputs, long outputs) {
    PackedMatrix packed = new PackedMatrix(inputs, outputs, false);
    packed.pack(random(inputs, outputs).dup('f'));
    INDArray x = random(9, inputs);
    float[] all = product(x, packed, outputs);
    float[] one = product(x.getRow(0, true).dup(), packed, outputs);
    for (int i = 0; i < outputs; i++) {
      assertEquals(all[i], one[i], 1e-4f);
    }
    assertArrayEquals(all, product(x, packed, outputs));
  }

  @ParameterizedTest
  @CsvSource({"8, 8, true", "784, 1024, true", "1024, 10, false", "9, 8, false"})
  void suitsMatricesThatFillTheRegisters(long inputs, long outputs, boolean suits) {
    if (suits) {
      assertTrue(PackedProduct.suits(inputs, outputs));
    } else {
      assertFalse(PackedProduct.suits(inputs, outputs));
    }
  }

  private static float[] product(INDArray x, PackedMatrix packed, long outputs) {
    INDArray y = Nd4j.createUninitialized(DataType.FLOAT, x.size(0), outputs);
    new PackedProduct(new PackedProduct.Size(x.size(0), x.size(1), outputs, false))
        .run(x, packed, null, y);
    return y.data().asFloat();
  }

  private static INDArray random(long rows, long columns) {
    return Nd4j.rand(DataType.FLOAT, rows, columns).subi(0.5);
  }

  private static void assertClose(INDArray exact, INDArray bias, INDArray y) {
    for (long i = 0; i < y.size(0); i++) {
      for (long j = 0; j < y.size(1); j++) {
        assertEquals(exact.getDouble(i, j) + bias.getDouble(j), y.getDouble(i, j), 1e-4);
      }
    }
  }
}
