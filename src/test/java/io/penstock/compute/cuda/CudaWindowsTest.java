package io.penstock.compute.cuda;

import static io.penstock.nn.Data.assertSameBits;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.compute.Axis;
import io.penstock.compute.Compute;
import io.penstock.compute.Geometry;
import io.penstock.compute.plain.PlainKind;
import io.penstock.nn.Data;
import io.penstock.nn.Initializer;
import io.penstock.nn.ParameterSpec;
import io.penstock.nn.Parameters;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * What the contract of all kinds leaves open: pictures too large for one chunk, and odd numbers.
 */
@Timeout(300)
class CudaWindowsTest {
  private static final String FILTER = "filter";
  private static final float NAN = Float.NaN;

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

  /** 9 channels of 3 x 3 at 512 x 512 places are more numbers than a chunk has. */
  @Test
  void aPictureMayTakeMoreThanOneChunk() {
    Axis axis = new Axis(512, 3, 1, 1, 1);
    Geometry geometry = new Geometry(1, 9, axis, axis);
    Parameters weights =
        Parameters.initial(
            List.of(new ParameterSpec(FILTER, List.of(2L, 9L, 3L, 3L), Initializer.scaled(3, 1))),
            1,
            0,
            DataType.FLOAT);
    INDArray x = random(1, 1, 9, 512, 512);
    INDArray g = random(2, 1, 2, 512, 512);
    INDArray[] results = new INDArray[2];
    INDArray[] gradients = new INDArray[2];
    INDArray[] sums = new INDArray[2];
    Compute plain = new PlainKind().open();
    for (int i = 0; i < 2; i++) {
      var windows = (i == 0 ? plain : compute).windows();
      results[i] = Nd4j.valueArrayOf(new long[] {1, 2, 512, 512}, NAN, DataType.FLOAT);
      gradients[i] = Nd4j.valueArrayOf(new long[] {1, 9, 512, 512}, NAN, DataType.FLOAT);
      sums[i] = Nd4j.zeros(DataType.FLOAT, 2, 9, 3, 3).dup('f');
      windows.convolution(geometry, x, weights, FILTER, null, results[i]);
      windows.convolutionInputGradient(geometry, g, weights, FILTER, false, gradients[i]);
      windows.convolutionWeightGradient(geometry, x, g, sums[i], null);
    }
    assertTrue(driver.count("launches windows_to_columns") > 2, "more than one chunk");
    assertNear(results, 1e-5);
    assertNear(gradients, 1e-5);
    assertNear(sums, 1e-2); // of 260,000 products each
    weights.close();
  }

  private static void assertNear(INDArray[] both, double tolerance) {
    double off = both[0].sub(both[1]).amaxNumber().doubleValue();
    assertTrue(off <= tolerance, "off by " + off);
  }

  @Test
  void theFirstOfEqualNumbersGetsTheGradient() {
    Axis axis = new Axis(4, 2, 2, 0, 0);
    Geometry geometry = new Geometry(1, 1, new Axis(1, 1, 1, 0, 0), axis);
    float[] gradient = pooled(geometry, new float[] {3, 3, -1, -1}, new float[] {3, -1});
    assertArrayEquals(new float[] {1, 0, 2, 0}, gradient);
  }

  @Test
  void whatIsNotANumberIsTheLargest() {
    Axis axis = new Axis(4, 2, 2, 0, 0);
    Geometry geometry = new Geometry(1, 1, new Axis(1, 1, 1, 0, 0), axis);
    float[] gradient =
        pooled(
            geometry, new float[] {5, NAN, Float.NEGATIVE_INFINITY, NAN}, new float[] {NAN, NAN});
    assertArrayEquals(new float[] {0, 1, 0, 2}, gradient);
  }

  /** Gradients of 1 and 2 at the two places. */
  private float[] pooled(Geometry geometry, float[] numbers, float[] expected) {
    INDArray x = Nd4j.createFromArray(numbers).reshape('c', 1, 1, 1, 4);
    INDArray output = Nd4j.create(DataType.FLOAT, 1, 1, 1, 2);
    long keeps = compute.windows().poolingKeeps(geometry, true);
    assertEquals(2, keeps);
    INDArray kept = Nd4j.create(DataType.FLOAT, keeps);
    compute.windows().pooling(geometry, true, x, kept, output);
    assertArrayEquals(expected, output.reshape(2).toFloatVector());
    INDArray gradient = Nd4j.createFromArray(1f, 2f).reshape('c', 1, 1, 1, 2);
    INDArray back = Nd4j.create(DataType.FLOAT, 1, 1, 1, 4);
    compute.windows().poolingGradient(geometry, true, x, kept, gradient, back);
    return back.reshape(4).toFloatVector();
  }

  @Test
  void theSameGradientsAreAddedInTheSameOrder() {
    Axis axis = new Axis(30, 3, 1, 1, 1);
    Geometry geometry = new Geometry(40, 3, axis, axis);
    INDArray x = random(1, 40, 3, 30, 30);
    INDArray g = random(2, 40, 4, 30, 30);
    INDArray[] sums = new INDArray[2];
    INDArray[] biases = new INDArray[2];
    for (int i = 0; i < 2; i++) {
      sums[i] = Nd4j.zeros(DataType.FLOAT, 4, 3, 3, 3).dup('f');
      biases[i] = Nd4j.zeros(DataType.FLOAT, 4);
      compute.windows().convolutionWeightGradient(geometry, x, g, sums[i], biases[i]);
    }
    assertSameBits(sums[0], sums[1], "filter");
    assertSameBits(biases[0], biases[1], "bias");
    assertTrue(driver.count("launches product_sum_of_parts") > 0, "in parts");
  }
}
