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
  private static final long[] ODD = {1, 3, 7, 17, 33, 64, 100};

  @BeforeAll
  static void oneDnnIsThere() {
    assumeTrue(OneDnn.isThere(), "no oneDNN for this platform");
  }

  @ParameterizedTest
  @CsvSource({"1, 8, 8", "5, 16, 24", "64, 784, 128", "37, 48, 1024", "3, 8, 1000"})
  void isInputTimesWeightsPlusBias(long rows, long inputs, long outputs) {
    for (ProductForm form : ProductForm.values()) {
      isInputTimesWeightsPlusBias(form, rows, inputs, outputs);
    }
  }

  private static void isInputTimesWeightsPlusBias(
      ProductForm form, long rows, long inputs, long outputs) {
    INDArray x = random(rows, inputs);
    INDArray weights = random(inputs, outputs).dup('f');
    INDArray bias = random(1, outputs).reshape(outputs);
    INDArray y = Nd4j.createUninitialized(DataType.FLOAT, rows, outputs);
    PackedProduct product =
        new PackedProduct(new PackedProduct.Size(rows, inputs, outputs, true), form);
    product.run(x, packed(product, weights, false), bias, y);
    assertClose(x.castTo(DataType.DOUBLE).mmul(weights.castTo(DataType.DOUBLE)), bias, y);
  }

  @ParameterizedTest
  @CsvSource({"1, 8, 8", "5, 16, 24", "64, 784, 128"})
  void isRowsTimesTheTranspose(long rows, long inputs, long outputs) {
    for (ProductForm form : ProductForm.values()) {
      isRowsTimesTheTranspose(form, rows, inputs, outputs);
    }
  }

  private static void isRowsTimesTheTranspose(
      ProductForm form, long rows, long inputs, long outputs) {
    INDArray gradient = random(rows, outputs);
    INDArray weights = random(inputs, outputs).dup('f');
    INDArray y = Nd4j.createUninitialized(DataType.FLOAT, rows, inputs);
    PackedProduct product =
        new PackedProduct(new PackedProduct.Size(rows, outputs, inputs, false), form);
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

  /** A kernel that writes a whole register at a row's end would do so to what follows it. */
  @ParameterizedTest
  @EnumSource(ProductForm.class)
  void nothingBesideTheOutputIsWritten(ProductForm form) {
    long around = 64;
    for (long rows : new long[] {1, 7, 8, 33}) {
      for (long inputs : ODD) {
        for (long outputs : ODD) {
          INDArray all = Nd4j.valueArrayOf(new long[] {rows * outputs + 2 * around}, 7f);
          INDArray y =
              all.get(NDArrayIndex.interval(around, around + rows * outputs))
                  .reshape(rows, outputs);
          INDArray x = random(rows, inputs);
          INDArray weights = random(inputs, outputs).dup('f');
          INDArray bias = random(1, outputs).reshape(outputs);
          PackedProduct product =
              new PackedProduct(new PackedProduct.Size(rows, inputs, outputs, true), form);
          if (product.isReference()) {
            continue;
          }
          PackedWeights packed = packed(product, weights, false);
          product.run(x, packed, bias, y);
          packed.free();
          assertClose(x.castTo(DataType.DOUBLE).mmul(weights.castTo(DataType.DOUBLE)), bias, y);
          for (long i = 0; i < around; i++) {
            assertEquals(7, all.getFloat(i));
            assertEquals(7, all.getFloat(around + rows * outputs + i));
          }
        }
      }
    }
  }

  @Test
  void aConvolutionIsAskedForOnlyWhereRegistersAreNarrowAndItHasItsQuickKernel() {
    long[] widths = {1, 7, 33, 100, 1024, 2048, 2049, 4096};
    for (long inputs : widths) {
      for (long outputs : widths) {
        PackedProduct.Size size = new PackedProduct.Size(64, inputs, outputs, true);
        ProductForm form = ProductForm.of(size, OneDnn.processor());
        String convolution =
            ProductForm.CONVOLUTION.compile(size, OneDnn.processor()).impl_info_str().getString();
        boolean quick =
            !OneDnn.isWide()
                && Math.max(inputs, outputs) <= 2048
                && convolution.startsWith("brgconv_1x1");
        assertEquals(quick ? ProductForm.CONVOLUTION : ProductForm.PRODUCT, form);
      }
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
