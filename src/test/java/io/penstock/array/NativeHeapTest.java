package io.penstock.array;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.bytedeco.javacpp.FloatPointer;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class NativeHeapTest {
  private static final long FLOATS = 50_000_000;

  /** What others in this process left behind may be freed between two looks: then look again. */
  @Test
  void arraysAndOtherNativeMemoryCount() throws InterruptedException {
    List<Double> seen = List.of();
    for (int attempt = 0; attempt < 200 && !seen.equals(List.of(1.0, 2.0, 0.0)); attempt++) {
      System.gc();
      Thread.sleep(50); // the collector's queues are emptied by other threads
      seen = grown();
    }
    assertEquals(List.of(1.0, 2.0, 0.0), seen, "arrays of so many, by what this process has taken");
  }

  @Test
  void nd4jRefusesWhatOthersDoNotLeave() {
    try (FloatPointer other = new FloatPointer(FLOATS)) {
      NativeHeap.limit(NativeHeap.bytes() + Float.BYTES * FLOATS / 2);
      RuntimeException refused =
          assertThrows(
              RuntimeException.class, () -> Nd4j.createUninitialized(DataType.FLOAT, FLOATS));
      assertTrue(refused.getMessage().contains("exceeds HOST device limits"), refused.getMessage());
      NativeHeap.limit(NativeHeap.bytes() + Float.BYTES * FLOATS * 2);
      Nd4j.createUninitialized(DataType.FLOAT, FLOATS).close();
    } finally {
      NativeHeap.limit(0);
    }
    Nd4j.createUninitialized(DataType.FLOAT, FLOATS).close();
  }

  /** How many arrays' memory came: with an array, with as much that is no array, after all. */
  private static List<Double> grown() {
    long before = NativeHeap.bytes();
    INDArray array = Nd4j.createUninitialized(DataType.FLOAT, FLOATS);
    double one = since(before);
    double two;
    try (FloatPointer other = new FloatPointer(FLOATS)) {
      two = since(before);
    }
    array.close();
    return List.of(one, two, since(before));
  }

  private static double since(long before) {
    double arrays = (NativeHeap.bytes() - before) / (double) (Float.BYTES * FLOATS);
    return Math.round(10 * arrays) / 10.0 + 0.0; // no minus zero
  }
}
