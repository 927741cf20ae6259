package io.penstock.array;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class PinnedMemoryTest {
  private final List<String> calls = new ArrayList<>();

  @Test
  void arraysAreComputedWithInIt() {
    Pointer memory = PinnedMemory.of(RecordedOps.of(calls), DataType.FLOAT, 6);
    ((FloatPointer) memory).put(1, 2, 3, 4, 5, 6);
    INDArray array =
        Nd4j.create(
            Nd4j.createBuffer(memory, 6, DataType.FLOAT),
            new long[] {2, 3},
            new long[] {3, 1},
            0,
            'c');
    assertEquals(21, array.sumNumber().intValue());
    assertEquals(memory.address(), array.data().pointer().address());
    NativeArrays.release(array);
    assertEquals(List.of("mallocHost 24", "freeHost"), calls);
  }

  @Test
  void itIsFreedOnce() {
    Pointer memory = PinnedMemory.of(RecordedOps.of(calls), DataType.DOUBLE, 3);
    memory.deallocate();
    memory.deallocate();
    assertEquals(List.of("mallocHost 24", "freeHost"), calls);
  }

  @Test
  void itHoldsNumbersThatFlowBetweenStages() {
    assertTrue(PinnedMemory.holds(DataType.FLOAT));
    assertFalse(PinnedMemory.holds(DataType.INT32));
  }

  @Test
  void memoryThatIsNotToBeHadIsToldAsSuch() {
    OutOfMemoryError none =
        assertThrows(
            OutOfMemoryError.class,
            () -> PinnedMemory.of(RecordedOps.without(calls, "mallocHost"), DataType.FLOAT, 2));
    assertTrue(none.getMessage().contains("No page-locked memory for 8 B"), none.getMessage());
  }
}
