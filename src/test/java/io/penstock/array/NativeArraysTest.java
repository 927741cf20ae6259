package io.penstock.array;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

class NativeArraysTest {
  @Test
  void anArrayHasTheShapeTypeAndOrderAskedFor() {
    for (DataType type : List.of(DataType.FLOAT, DataType.DOUBLE, DataType.INT32)) {
      INDArray array = NativeArrays.array(type, 'f', 3, 2);
      assertArrayEquals(new long[] {3, 2}, array.shape());
      assertEquals(type, array.dataType());
      assertTrue(NativeArrays.isDense(array, 'f'));
    }
  }

  @Test
  void itsMemoryLivesAsLongAsTheArray() {
    List<INDArray> kept = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      kept.add(NativeArrays.array(DataType.FLOAT, 'f', 100, 10).assign(i).reshape('f', 1000, 1));
      NativeArrays.array(DataType.FLOAT, 'f', 1000, 100).assign(-1);
      if (i % 50 == 0) {
        System.gc();
      }
    }
    System.gc();
    for (int i = 0; i < kept.size(); i++) {
      assertEquals(i * 1000.0, kept.get(i).sumNumber().doubleValue(), 0);
    }
  }

  @Test
  void aCopyHasTheSameNumbersHoweverBothLie() {
    for (DataType type : List.of(DataType.FLOAT, DataType.DOUBLE, DataType.INT32)) {
      INDArray numbers = Nd4j.arange(24).castTo(type).reshape('c', 4, 3, 2);
      INDArray part = numbers.get(NDArrayIndex.interval(1, 3));
      INDArray columns = numbers.get(NDArrayIndex.all(), NDArrayIndex.interval(1, 3));
      for (INDArray from : List.of(numbers, part, columns, part.dup('f'))) {
        for (char order : new char[] {'c', 'f'}) {
          for (DataType other : List.of(type, DataType.DOUBLE)) {
            INDArray to = NativeArrays.array(other, order, from.shape()).assign(-1);
            assertSame(to, NativeArrays.copy(from, to));
            assertEquals(from.castTo(other), to);
          }
        }
      }
    }
  }

  @Test
  void anArrayInOrderIsNotCopied() {
    INDArray array = Nd4j.create(DataType.FLOAT, new long[] {3, 2}, 'c');
    assertSame(array, NativeArrays.ordered(array, 'c'));
    assertTrue(NativeArrays.isDense(NativeArrays.ordered(array, 'f'), 'f'));
  }

  @Test
  void aRowOfALargerArrayIsNotDense() {
    INDArray array = Nd4j.create(DataType.FLOAT, new long[] {3, 2}, 'f');
    INDArray row = array.get(NDArrayIndex.interval(1, 2), NDArrayIndex.all());
    assertFalse(NativeArrays.isDense(row, 'f'));
    assertFalse(NativeArrays.isDense(row, 'c'));
    assertTrue(NativeArrays.isDense(Nd4j.create(DataType.FLOAT, new long[] {1, 2}, 'c'), 'f'));
  }

  @Test
  void releasedMemoryIsFreedAndTheArrayClosed() {
    INDArray array = NativeArrays.array(DataType.FLOAT, 'f', 256, 1024);
    Pointer memory = array.data().pointer();
    NativeArrays.release(array);
    assertTrue(memory.isNull());
    assertTrue(array.wasClosed());
    NativeArrays.release(array);

    INDArray other = Nd4j.zeros(DataType.FLOAT, 3);
    NativeArrays.release(other);
    assertTrue(other.wasClosed());
  }
}
