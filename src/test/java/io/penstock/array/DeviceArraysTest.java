package io.penstock.array;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.compute.FarDevice;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** Arrays in the memory of a device, which are handles to the host. */
@Timeout(120)
class DeviceArraysTest {
  private final FarDevice device = new FarDevice();

  private INDArray there(char order, long... shape) {
    return NativeArrays.array(device, DataType.FLOAT, order, shape);
  }

  private INDArray sent(INDArray numbers, char order) {
    return NativeArrays.copy(numbers, there(order, numbers.shape()));
  }

  private static INDArray numbers(long... shape) {
    long count = Arrays.stream(shape).reduce(1, (a, b) -> a * b);
    return Nd4j.arange(1, 1 + count).castTo(DataType.FLOAT).reshape('c', shape);
  }

  /** The same numbers in every way that arrays of the host's lie. */
  private static List<INDArray> layouts(INDArray numbers) {
    List<INDArray> all = new ArrayList<>();
    for (char order : new char[] {'c', 'f'}) {
      all.add(numbers.dup(order));
      INDArray room = Nd4j.create(DataType.FLOAT, new long[] {numbers.length() + 7}, 'c');
      long[] strides = numbers.dup(order).stride();
      all.add(Nd4j.create(room.data(), numbers.shape(), strides, 5, order).assign(numbers));
      long[] wide = numbers.shape().clone();
      wide[0] += 3;
      INDArray large = Nd4j.create(DataType.FLOAT, wide, order);
      all.add(
          large
              .get(
                  NDArrayIndex.interval(1, 1 + numbers.size(0)),
                  NDArrayIndex.all(),
                  NDArrayIndex.all())
              .assign(numbers));
    }
    all.add(numbers.castTo(DataType.DOUBLE));
    all.add(numbers.castTo(DataType.INT32));
    return all;
  }

  @Test
  void copiesGoThereAndBackAndWithinHoweverArraysLie() {
    INDArray numbers = numbers(4, 3, 2);
    for (INDArray from : layouts(numbers)) {
      for (char order : new char[] {'c', 'f'}) {
        INDArray first = there(order, 4, 3, 2);
        assertSame(first, NativeArrays.copy(from, first));
        for (char other : new char[] {'c', 'f'}) {
          INDArray second = NativeArrays.copy(first, there(other, 4, 3, 2));
          for (INDArray to : layouts(Nd4j.zeros(DataType.FLOAT, 4, 3, 2))) {
            assertSame(to, NativeArrays.copy(second, to));
            assertEquals(numbers.castTo(to.dataType()), to, order + " " + other);
          }
        }
      }
    }
  }

  @Test
  void copiesGoFromOneDeviceToAnother() {
    FarDevice other = new FarDevice();
    for (char order : new char[] {'c', 'f'}) {
      INDArray here = sent(numbers(3, 2), 'c');
      INDArray there = NativeArrays.array(other, DataType.FLOAT, order, 3, 2);
      assertEquals(numbers(3, 2), NativeArrays.onHost(NativeArrays.copy(here, there)));
      assertSame(other, DeviceBuffer.memory(there));
    }
  }

  @Test
  void partsWithGapsAreReadAndNotWritten() {
    INDArray whole = sent(numbers(4, 6), 'c');
    INDArray columns = whole.get(NDArrayIndex.all(), NDArrayIndex.interval(2, 5));
    INDArray wanted = numbers(4, 6).get(NDArrayIndex.all(), NDArrayIndex.interval(2, 5));
    assertEquals(wanted, NativeArrays.onHost(columns));
    assertEquals(wanted, NativeArrays.onHost(NativeArrays.copy(columns, there('f', 4, 3))));
    assertEquals(wanted, NativeArrays.onHost(NativeArrays.ordered(columns, 'c')));
    IllegalArgumentException refused =
        assertThrows(
            IllegalArgumentException.class,
            () -> NativeArrays.copy(Nd4j.zeros(DataType.FLOAT, 4, 3), columns));
    assertTrue(refused.getMessage().contains("far device"), refused::getMessage);
    assertTrue(refused.getMessage().contains("gaps"), refused::getMessage);
    assertEquals(numbers(4, 6), NativeArrays.onHost(whole), "and nothing is changed");
  }

  @Test
  void anotherLengthIsRefused() {
    INDArray three = there('c', 3);
    assertThrows(
        IllegalArgumentException.class,
        () -> NativeArrays.copy(Nd4j.zeros(DataType.FLOAT, 4), three));
  }

  @Test
  void viewsLieWhereTheirNumbersDo() {
    INDArray whole = sent(numbers(4, 6), 'c');
    long first = DeviceBuffer.address(whole);
    INDArray view = NativeArrays.view(whole, 6, 12);
    assertEquals(first + 6 * Float.BYTES, DeviceBuffer.address(view));
    assertEquals(first + 7 * Float.BYTES, DeviceBuffer.address(NativeArrays.view(view, 1, 2)));
    assertEquals(first, DeviceBuffer.address(whole.reshape('c', 2, 12)));
    INDArray row = whole.get(NDArrayIndex.interval(2, 3), NDArrayIndex.all());
    assertEquals(first + 12 * Float.BYTES, DeviceBuffer.address(row));
    for (INDArray one : List.of(view, row, whole.reshape('c', new long[] {24}))) {
      assertSame(device, DeviceBuffer.memory(one));
    }
    assertEquals(numbers(24).get(NDArrayIndex.interval(6, 18)), NativeArrays.onHost(view));
    NativeArrays.copy(Nd4j.zeros(DataType.FLOAT, 12), view);
    NativeArrays.clear(NativeArrays.view(whole, 0, 1));
    INDArray now = NativeArrays.onHost(whole);
    assertEquals(2 + 3 + 4 + 5 + 6 + 19 + 20 + 21 + 22 + 23 + 24, now.sumNumber().intValue());
  }

  @Test
  void anArrayOfTheHostsIsNotCopiedThere() {
    INDArray here = numbers(3);
    assertSame(here, NativeArrays.onHost(here));
    assertNull(DeviceBuffer.memory(here));
    assertNotSame(here, NativeArrays.onHost(sent(here, 'c')));
    assertTrue(NativeArrays.isDense(NativeArrays.onHost(sent(numbers(3, 2), 'f')), 'f'));
    INDArray none = NativeArrays.array(device, DataType.FLOAT, 'c', 0);
    assertFalse(NativeArrays.isOnDevice(none));
    assertSame(none, NativeArrays.copy(none, none));
    NativeArrays.release(none);
    assertEquals(0, NativeArrays.bytes(none));
  }

  @Test
  void onlyFloatsLieThere() {
    IllegalArgumentException refused =
        assertThrows(
            IllegalArgumentException.class,
            () -> NativeArrays.array(device, DataType.DOUBLE, 'c', 3));
    assertTrue(refused.getMessage().contains("far device"), refused::getMessage);
    assertTrue(refused.getMessage().contains("DOUBLE"), refused::getMessage);
  }

  @Test
  void memoryIsReleasedOnce() {
    INDArray array = there('c', 10);
    INDArray like = NativeArrays.like(array);
    assertEquals(80, device.bytes());
    NativeArrays.release(array);
    assertEquals(40, device.bytes());
    assertTrue(array.wasClosed());
    NativeArrays.release(array);
    NativeArrays.release(like);
    assertEquals(0, device.bytes());
  }

  @Test
  void theCollectorFreesWhatNobodyHas() {
    INDArray kept = sent(numbers(6), 'c').reshape('c', 2, 3);
    INDArray part = NativeArrays.view(sent(numbers(8), 'c'), 5, 2);
    for (int i = 0; i < 50; i++) {
      there('c', 1000);
    }
    while (device.bytes() > 14 * Float.BYTES) {
      System.gc();
      Thread.onSpinWait();
    }
    assertEquals(numbers(2, 3), NativeArrays.onHost(kept));
    assertArrayEquals(new float[] {6, 7}, NativeArrays.onHost(part).toFloatVector());
  }

  @Test
  void numbersAreWrittenByTheHostAndCopiedWhenAllAre() {
    INDArray there = there('c', 2, 2);
    try (HostNumbers written = HostNumbers.into(there)) {
      for (int i = 0; i < 4; i++) {
        written.numbers().put(i, i + 0.5);
      }
    }
    assertEquals(1.5, Numbers.of(there).get(1));
    INDArray here = Nd4j.zeros(DataType.FLOAT, 3);
    try (HostNumbers written = HostNumbers.into(here)) {
      assertSame(here, written.host());
      written.numbers().put(2, 7);
    }
    assertEquals(7, here.getDouble(2));
    assertThrows(IllegalArgumentException.class, () -> Numbers.into(there));
    assertThrows(IllegalArgumentException.class, () -> HostNumbers.into(numbers(2, 2).transpose()));
    assertEquals(16, device.bytes());
  }

  @Test
  void bytesAreReadAndWrittenInChunks() {
    INDArray whole = sent(numbers(20), 'c');
    INDArray part = NativeArrays.view(whole, 3, 12);
    ByteBuffer read = new ArrayBytes(part).read(2, 4);
    assertEquals(16, read.remaining());
    float[] four = new float[4];
    read.order(ByteOrder.nativeOrder()).asFloatBuffer().get(four);
    assertArrayEquals(new float[] {6, 7, 8, 9}, four);
    byte[] other = new byte[40];
    ByteBuffer.wrap(other).order(ByteOrder.nativeOrder()).asFloatBuffer().put(new float[] {-1, -2});
    new ArrayBytes(part).write(10, 2, other);
    INDArray now = NativeArrays.onHost(whole);
    assertArrayEquals(
        new float[] {13, -1, -2, 16}, now.get(NDArrayIndex.interval(12, 16)).toFloatVector());
    assertEquals(80, device.bytes());
  }

  @Test
  void anImprintIsTakenOfTheHostsArraysAlone() {
    assertTrue(Imprint.of(there('c', 3)).isEmpty());
  }
}
