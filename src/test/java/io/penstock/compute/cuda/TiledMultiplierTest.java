package io.penstock.compute.cuda;

import static io.penstock.nn.Data.assertSameBits;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.compute.Compute;
import io.penstock.nn.Data;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Shapes that take every tile, and those that take more than one part. */
@Timeout(300)
class TiledMultiplierTest {
  private static final double TOLERANCE = 2e-6;

  private StandIn driver;
  private Compute compute;

  @BeforeEach
  void open() {
    compute = new OnDevice().open();
    driver = StandIn.fresh();
  }

  @AfterEach
  void clear() {
    compute.clear();
  }

  private static INDArray random(int key, long... shape) {
    return Data.random(key, DataType.FLOAT, shape);
  }

  private INDArray product(INDArray a, INDArray b) {
    INDArray c = Nd4j.valueArrayOf(new long[] {a.size(0), b.size(1)}, Double.NaN, DataType.FLOAT);
    compute.products().multiply(a, false, b, false, c, 0);
    return c;
  }

  private void checked(String kernel, long rows, long inner, long columns) {
    INDArray a = random(1, rows, inner);
    INDArray b = random(2, inner, columns);
    INDArray c = product(a, b);
    INDArray exact = a.castTo(DataType.DOUBLE).mmul(b.castTo(DataType.DOUBLE));
    double off = exact.sub(c.castTo(DataType.DOUBLE)).amaxNumber().doubleValue();
    assertTrue(off <= TOLERANCE * (4 + inner), rows + "x" + inner + "x" + columns + ": " + off);
    assertTrue(driver.count("launches " + kernel) > 0, kernel);
    assertSameBits(c, product(a, b), "the same once more");
  }

  @Test
  void everyTileComputesWhatItIsFor() {
    checked("product_128x64", 128 * 96 - 5, 3, 64);
    checked("product_64x64", 70, 20, 70);
    checked("product_32x32", 40, 33, 20);
    checked("product_8x64", 7, 40, 130);
    checked("product_64x8", 130, 40, 7);
  }

  @Test
  void longSumsOfFewNumbersAreCutIntoParts() {
    checked("product_sum_of_parts", 5, 3001, 33);
    assertEquals(2, driver.count("launches product_sum_of_parts"));
    INDArray x = random(1, 2000, 9);
    INDArray g = random(2, 2000, 17);
    INDArray sum = random(3, 9, 17).dup('f');
    INDArray exact =
        x.castTo(DataType.DOUBLE)
            .transpose()
            .mmul(g.castTo(DataType.DOUBLE))
            .add(sum.castTo(DataType.DOUBLE));
    compute.products().weightGradient(x, g, sum);
    double off = exact.sub(sum.castTo(DataType.DOUBLE)).amaxNumber().doubleValue();
    assertTrue(off <= TOLERANCE * 2000, "weight gradient: " + off);
    assertEquals(3, driver.count("launches product_sum_of_parts"));
  }

  @Test
  void moreThan65535LinesOfAnyKindAreTaken() {
    checked("product_64x8", 70_000, 2, 3);
    checked("product_8x64", 3, 2, 70_000);
    checked("product_8x64", 2, 70_000, 9);
  }

  @Test
  void aSumOfNothingIsZero() {
    INDArray c = random(1, 3, 4);
    compute
        .products()
        .multiply(
            Nd4j.create(DataType.FLOAT, 3, 0),
            false,
            Nd4j.create(DataType.FLOAT, 0, 4),
            false,
            c,
            0);
    assertEquals(0, c.amaxNumber().doubleValue());
  }

  @Test
  void whatIsNotANumberIsNotLost() {
    INDArray a = random(1, 3, 20);
    a.putScalar(1, 7, Float.NaN);
    a.putScalar(2, 3, Float.POSITIVE_INFINITY);
    INDArray b = random(2, 20, 10);
    b.putScalar(7, 4, 0);
    INDArray c = product(a, b);
    for (int column = 0; column < 10; column++) {
      assertTrue(Float.isFinite(c.getFloat(0, column)));
      assertTrue(Float.isNaN(c.getFloat(1, column)));
      assertTrue(Float.isInfinite(c.getFloat(2, column)));
    }
  }
}
