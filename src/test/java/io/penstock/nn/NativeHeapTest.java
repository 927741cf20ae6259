package io.penstock.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.bytedeco.javacpp.FloatPointer;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class NativeHeapTest {
  private static final long FLOATS = 50_000_000;
  private static final double MARGIN = 20e6;

  @Test
  void arraysAndOtherNativeMemoryCount() {
    long before = NativeHeap.bytes();
    INDArray array = Nd4j.createUninitialized(DataType.FLOAT, FLOATS);
    assertEquals(4 * FLOATS, NativeHeap.bytes() - before, MARGIN);
    try (FloatPointer other = new FloatPointer(FLOATS)) {
      assertEquals(8 * FLOATS, NativeHeap.bytes() - before, MARGIN);
    }
    array.close();
    assertEquals(0, NativeHeap.bytes() - before, MARGIN);
  }
}
