package io.penstock.compute.cuda;

import static io.penstock.nn.Data.assertSameBits;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.array.DeviceBuffer;
import io.penstock.array.NativeArrays;
import io.penstock.compute.ComputePrecision;
import io.penstock.compute.Matrices;
import io.penstock.nn.Data;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** What cuBLASLt is asked, and how often, on its stand-in. */
@Timeout(300)
class CublasMultiplierTest {
  private StandIn driver;
  private CudaDevice device;
  private StreamLauncher launcher;
  private Multiplier multiplier;
  private long chosenBefore;
  private long liveBefore;

  @BeforeEach
  void open() {
    driver = StandIn.fresh();
    device = StandIn.device();
    launcher = new StreamLauncher(device);
    chosenBefore = driver.count("products chosen");
    liveBefore = driver.count("cublas live");
    multiplier = multiplier(ComputePrecision.FLOAT32);
  }

  @AfterEach
  void close() {
    if (device != null) {
      driver.refuseProducts(0);
      multiplier.clear();
      assertEquals(liveBefore, driver.count("cublas live"), "handles and plans are freed");
      launcher.clear();
      device.close();
    }
  }

  private Multiplier multiplier(ComputePrecision precision) {
    return StandIn.withCublas(() -> Multiplier.open(device, launcher, precision));
  }

  private long chosen() {
    return driver.count("products chosen") - chosenBefore;
  }

  /** An array on the device, so many numbers behind the beginning of its memory. */
  private INDArray array(int offset, INDArray host) {
    INDArray all = NativeArrays.array(device, DataType.FLOAT, 'c', offset + host.length());
    INDArray array = NativeArrays.view(all, offset, host.length()).reshape('c', host.shape());
    device.toDevice(
        host.dup('c').data().pointer().address(),
        DeviceBuffer.address(array),
        host.length() * Float.BYTES);
    return array;
  }

  private INDArray random(int offset, int key, long... shape) {
    return array(offset, Data.random(key, DataType.FLOAT, shape));
  }

  private INDArray numbers(INDArray array) {
    return Nd4j.createFromArray(launcher.download(array)).reshape('c', array.shape());
  }

  private INDArray product(INDArray a, INDArray b, INDArray c) {
    multiplier.multiply(MatrixProduct.of(Operand.of(a), Operand.of(b), Operand.of(c), 0));
    return numbers(c);
  }

  @Test
  void anAlgorithmIsAskedForOnceAShape() {
    INDArray a = random(0, 1, 12, 40);
    INDArray b = random(0, 2, 40, 8);
    INDArray c = random(0, 3, 12, 8);
    INDArray first = product(a, b, c);
    assertSameBits(first, product(a, b, c), "once more");
    assertEquals(1, chosen());
    product(random(0, 1, 11, 40), b, random(0, 3, 11, 8));
    assertEquals(2, chosen());
  }

  @Test
  void whereAnArrayLiesChangesNothing() {
    INDArray expected = product(random(0, 1, 12, 40), random(0, 2, 40, 8), random(0, 3, 12, 8));
    for (int offset = 1; offset < 5; offset++) {
      INDArray actual =
          product(random(offset, 1, 12, 40), random(offset, 2, 40, 8), random(offset, 3, 12, 8));
      assertSameBits(expected, actual, "from number " + offset + " on");
    }
    assertEquals(1, chosen());
  }

  /** What lies between the lines of a matrix stays, and so does what lies before and behind. */
  @Test
  void onlyTheResultIsWritten() {
    INDArray room = random(1, 3, 6 * 10);
    INDArray before = numbers(room);
    Operand a = Operand.of(random(0, 1, 4, 5));
    Operand b = Operand.of(random(0, 2, 5, 3));
    Operand c = new Operand(room, 7, 4, 3, 10, false, 0, 0);
    multiplier.multiply(MatrixProduct.of(a, b, c, 0));
    INDArray after = numbers(room);
    INDArray expected = product(a.array(), b.array(), random(0, 3, 4, 3));
    for (int i = 0; i < 60; i++) {
      int row = (i - 7) / 10;
      int column = (i - 7) % 10;
      boolean written = i >= 7 && row < 4 && column < 3;
      float wanted = written ? expected.getFloat(row, column) : before.getFloat(i);
      assertEquals(wanted, after.getFloat(i), 1e-6, "number " + i);
    }
  }

  @Test
  void aShapeThatTheLibraryRefusesIsMultipliedHere() {
    driver.refuseProducts(40);
    product(random(0, 1, 12, 40), random(0, 2, 40, 8), random(0, 3, 12, 8));
    product(random(0, 1, 12, 40), random(0, 2, 40, 8), random(0, 3, 12, 8));
    assertEquals(1, chosen());
    assertEquals(2, driver.count("launches product_64x8"));
  }

  @Test
  void allHeadsOfARowAreOneCall() {
    long before = driver.count("products");
    INDArray vectors = random(0, 1, 2 * 5, 2 * 3 * 4);
    Operand left = Operand.of(Matrices.sideBySide(vectors, 0, 2, 3, 4));
    Operand right = Operand.of(Matrices.sideBySide(vectors, 12, 2, 3, 4));
    INDArray scores = random(0, 2, 2, 3, 5, 5);
    multiplier.multiply(
        new MatrixProduct(
            left, right.transposed(), Operand.of(Matrices.dense(scores)), 1, 0, null, false, 2, 3));
    numbers(scores);
    assertEquals(2, driver.count("products") - before);
  }

  @Test
  void factorsAreRoundedAsThePrecisionSays() {
    double fine = 1 + 1.0 / (1 << 12);
    double middling = 1 + 1.0 / (1 << 9);
    Function<Double, Float> square =
        number -> {
          INDArray one = Nd4j.createFromArray(number.floatValue());
          INDArray a = array(0, one.reshape('c', 1, 1));
          return product(a, a, random(0, 3, 1, 1)).getFloat(0);
        };
    assertEquals((float) (fine * fine), square.apply(fine));
    multiplier.clear();
    multiplier = multiplier(ComputePrecision.TF32);
    assertEquals(1, square.apply(fine));
    assertEquals((float) (middling * middling), square.apply(middling));
    multiplier.clear();
    multiplier = multiplier(ComputePrecision.BFLOAT16);
    assertEquals(1, square.apply(middling));
  }

  @Test
  void aFailureOfTheLibraryIsNamed() {
    device.enter();
    CudaException failure =
        assertThrows(
            CudaException.class,
            () ->
                new CublasPlan(
                    0,
                    new CublasPlan.Shape(
                        new CublasPlan.Layout(false, 4, 4, 3, 0, 16),
                        new CublasPlan.Layout(false, 4, 4, 4, 0, 16),
                        new CublasPlan.Layout(false, 4, 4, 4, 0, 16),
                        1,
                        false,
                        Cublas.COMPUTE_FLOAT),
                    0));
    String message = failure.getMessage();
    assertTrue(
        message.contains("cublasLtMatrixLayoutCreate")
            && message.contains("CUBLAS_STATUS_INVALID_VALUE")
            && message.contains("leading=3"),
        message);
  }
}
