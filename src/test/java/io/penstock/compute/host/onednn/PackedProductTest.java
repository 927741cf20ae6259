package io.penstock.compute.host.onednn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

class PackedProductTest {
  private static final int RUNS = 1000;

  @BeforeAll
  static void oneDnnIsThere() {
    assumeTrue(OneDnn.isThere(), "no oneDNN for this platform");
  }

  @ParameterizedTest
  @CsvSource({"1, 8, 8", "5, 16, 24", "64, 784, 128", "37, 48, 1024", "3, 8, 1000"})
  void isInputTimesWeightsPlusBias(long rows, long inputs, long outputs) {
    INDArray x = random(rows, inputs);
    INDArray weights = random(inputs, outputs).dup('f');
    INDArray bias = random(1, outputs).reshape(outputs);
    INDArray y = Nd4j.createUninitialized(DataType.FLOAT, rows, outputs);
    PackedProduct product = new PackedProduct(new PackedProduct.Size(rows, inputs, outputs, true));
    product.run(x, packed(product, weights, false), bias, y);
    assertClose(x.castTo(DataType.DOUBLE).mmul(weights.castTo(DataType.DOUBLE)), bias, y);
  }

  @ParameterizedTest
  @CsvSource({"1, 8, 8", "5, 16, 24", "64, 784, 128"})
  void isRowsTimesTheTranspose(long rows, long inputs, long outputs) {
    INDArray gradient = random(rows, outputs);
    INDArray weights = random(inputs, outputs).dup('f');
    INDArray y = Nd4j.createUninitialized(DataType.FLOAT, rows, inputs);
    PackedProduct product = new PackedProduct(new PackedProduct.Size(rows, outputs, inputs, false));
    product.run(gradient, packed(product, weights, true), null, y);
    INDArray transposed = weights.castTo(DataType.DOUBLE).transpose();
    assertClose(
        gradient.castTo(DataType.DOUBLE).mmul(transposed), Nd4j.zeros(DataType.FLOAT, inputs), y);
  }

  @ParameterizedTest
  @CsvSource({"8, 8", "64, 64", "256, 256", "784, 128", "1024, 1024", "24, 1000"})
  void noNumberOfRowsFallsBackToTheReference(long inputs, long outputs) {
    for (long rows = 1; rows <= 1024; rows++) {
      PackedProduct product =
          new PackedProduct(new PackedProduct.Size(rows, inputs, outputs, rows % 2 == 0));
      assertFalse(product.isReference(), rows + " rows");
    }
  }

  @Test
  void weightsPackedForOneNumberOfRowsServeAllThatNameTheSameOrder() {
    INDArray weights = random(64, 64).dup('f');
    INDArray x = random(129, 64);
    Map<List<Long>, PackedWeights> packed = new HashMap<>();
    for (long rows = 1; rows <= 129; rows++) {
      PackedProduct product = new PackedProduct(new PackedProduct.Size(rows, 64, 64, false));
      INDArray some = x.get(NDArrayIndex.interval(0, rows)).dup('c');
      INDArray y = Nd4j.createUninitialized(DataType.FLOAT, rows, 64);
      PackedWeights own =
          packed.computeIfAbsent(product.weightsOrder(), order -> packed(product, weights, false));
      product.run(some, own, null, y);
      assertClose(
          some.castTo(DataType.DOUBLE).mmul(weights.castTo(DataType.DOUBLE)),
          Nd4j.zeros(DataType.FLOAT, 64),
          y);
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 1, 1", "7, 17, 33", "3, 100, 10", "33, 1, 100", "17, 33, 1", "5, 3, 1000"})
  void oddSizesAreRightToo(long rows, long inputs, long outputs) {
    isInputTimesWeightsPlusBias(rows, inputs, outputs);
    isRowsTimesTheTranspose(rows, inputs, outputs);
  }

  @ParameterizedTest
  @EnumSource(Elementwise.Function.class)
  void aFunctionInsideTheProductGivesTheBitsOfOneAfterItButForGelu(Elementwise.Function function) {
    for (long[] size : new long[][] {{1, 1, 1}, {5, 16, 24}, {64, 784, 128}, {37, 48, 33}}) {
      INDArray x = random(size[0], size[1]);
      INDArray weights = random(size[1], size[2]).dup('f');
      INDArray bias = random(1, size[2]).reshape(size[2]);
      INDArray after =
          run(new PackedProduct.Size(size[0], size[1], size[2], true), x, weights, bias);
      new Elementwise(new Elementwise.Size(function, size[0] * size[2])).forward(after, after);
      PackedProduct.Size fused = new PackedProduct.Size(size[0], size[1], size[2], true, function);
      // oneDNN computes GELU's error function in one of two ways, of which a single row has
      // another.
      float tolerance = function == Elementwise.Function.GELU ? 1e-6f : 0;
      INDArray inside = run(fused, x, weights, bias);
      for (long i = 0; i < after.length(); i++) {
        float distance = Math.abs(after.getFloat(i) - inside.getFloat(i));
        assertTrue(distance <= tolerance, function + ": " + distance);
      }
      assertTrue(Double.isFinite(after.sumNumber().doubleValue()), "no NaN");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "1, 64, 64, false",
    "512, 3, 3, false",
    "64, 1024, 64, true",
    "7, 1024, 1024, false",
    "8, 1024, 1024, true"
  })
  void suitsProductsThatAreWorthACallAndPacking(
      long rows, long inputs, long outputs, boolean suits) {
    assertEquals(suits, PackedProduct.suits(rows, inputs, outputs));
  }

  @Test
  void aRunLeavesNothingOnTheHeap() {
    INDArray x = random(3, 40);
    PackedProduct product = new PackedProduct(new PackedProduct.Size(3, 40, 48, true));
    PackedWeights packed = packed(product, random(40, 48).dup('f'), false);
    INDArray bias = random(1, 48).reshape(48);
    INDArray y = Nd4j.createUninitialized(DataType.FLOAT, 3, 48);
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long least = Long.MAX_VALUE;
    for (int round = 0; round < 20; round++) {
      long before = threads.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < RUNS; i++) {
        product.run(x, packed, bias, y);
      }
      least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
    }
    packed.free();
    assertTrue(least < RUNS, least + " bytes in " + RUNS + " runs");
  }

  private static INDArray run(
      PackedProduct.Size size, INDArray x, INDArray weights, INDArray bias) {
    PackedProduct product = new PackedProduct(size);
    INDArray y = Nd4j.createUninitialized(DataType.FLOAT, size.rows(), size.outputs());
    PackedWeights packed = packed(product, weights, false);
    product.run(x, packed, bias, y);
    packed.free();
    return y;
  }

  private static PackedWeights packed(PackedProduct product, INDArray weights, boolean transposed) {
    PackedWeights packed = product.weights(transposed);
    packed.pack(weights);
    return packed;
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
