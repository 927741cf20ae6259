package io.penstock.compute.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.array.DeviceBuffer;
import io.penstock.array.NativeArrays;
import io.penstock.compute.SplitMix;
import org.bytedeco.javacpp.FloatPointer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** What the contract of all kinds does not ask, on the stand-in. */
class CudaRowsTest {
  private StandIn driver;
  private CudaDevice device;
  private StreamLauncher launcher;
  private CudaRows rows;

  @BeforeEach
  void open() {
    driver = StandIn.fresh();
    device = StandIn.device();
    launcher = new StreamLauncher(device);
    rows = new CudaRows(launcher);
  }

  @AfterEach
  void close() {
    if (launcher != null) {
      launcher.clear();
    }
  }

  private INDArray array(char order, long... shape) {
    INDArray array = NativeArrays.array(device, DataType.FLOAT, order, shape);
    float[] numbers = new float[Math.toIntExact(array.length())];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = (float) (SplitMix.uniform(7, i) - 0.5);
    }
    try (FloatPointer host = new FloatPointer(numbers)) {
      device.toDevice(
          host.address(), DeviceBuffer.address(array), (long) numbers.length * Float.BYTES);
    }
    return array;
  }

  @Test
  void whatLiesInAnotherOrderIsRefusedAndNotMisread() {
    INDArray byRows = array('c', 3, 5);
    INDArray byColumns = array('f', 3, 5);
    assertThrows(IllegalArgumentException.class, () -> rows.add(byRows, byColumns, byRows));
    assertThrows(IllegalArgumentException.class, () -> rows.multiply(byColumns, byRows, byRows));
    assertThrows(IllegalArgumentException.class, () -> rows.mask(1, 0.5, byColumns));
    INDArray part = array('c', 4, 6).reshape(4, 6).permute(1, 0);
    rows.scale(part, 2); // by columns, but dense
    INDArray sequences = array('c', 2, 3, 4);
    String message =
        assertThrows(
                IllegalArgumentException.class,
                () -> rows.swap(sequences.permute(1, 0, 2), sequences))
            .getMessage();
    assertTrue(message.contains("[3, 2, 4]") && message.contains("[4, 12, 1]"), message);
  }

  @Test
  void arraysThatLieByColumnsAreAddedToOthersThatDo() {
    INDArray sum = NativeArrays.array(device, DataType.FLOAT, 'f', 3, 5);
    INDArray a = array('f', 3, 5);
    rows.add(a, a, sum);
    float[] once = launcher.download(a);
    float[] twice = launcher.download(sum);
    for (int i = 0; i < once.length; i++) {
      assertEquals(2 * once[i], twice[i]);
    }
  }

  @Test
  void aSumInPartsHasTheSameBitsEveryTime() {
    INDArray matrix = array('c', 5_003, 9);
    float[][] sums = new float[2][];
    for (int i = 0; i < sums.length; i++) {
      INDArray vector = NativeArrays.array(device, DataType.FLOAT, 'c', 9);
      rows.fill(vector, 0);
      rows.fill(launcher.scratch(0, 100_000), Double.NaN); // what others leave there is no part
      rows.addUp(matrix, vector);
      sums[i] = launcher.download(vector);
    }
    assertArrayEquals(sums[0], sums[1]);
    assertEquals(4, driver.count("launches add_up"), "two stages each");
  }
}
