package io.penstock.array;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

class SpareMemoryTest {
  private static final long FLOATS = 4 << 20;
  private static final long BYTES = FLOATS * Float.BYTES;

  private final ArrayPool pool = new ArrayPool();

  /** Whatever ran before in this process. */
  @BeforeEach
  void unplanned() {
    NativeHeap.plan(0);
  }

  @AfterEach
  void unlimited() {
    NativeHeap.limit(0);
    NativeHeap.plan(0);
    pool.clear();
  }

  private void limit(long more) {
    NativeHeap.limit(NativeHeap.bytes() + SpareMemory.RESERVE + more);
  }

  private static void allocate() {
    NativeArrays.release(NativeArrays.array(DataType.FLOAT, 'c', FLOATS));
    NativeArrays.release(NativeArrays.zeros(DataType.FLOAT, FLOATS));
  }

  @Test
  void whatIsSpareMakesRoomForWhatIsNeeded() {
    spare();
    limit(BYTES / 2);
    allocate();
    assertEquals(0, pool.bytes());
  }

  @Test
  void itStaysWhereThereIsRoom() {
    spare();
    allocate();
    limit(2 * BYTES);
    allocate();
    assertEquals(BYTES, pool.bytes());
  }

  /** JavaCPP, whose array is asked for, has no limit in this process. */
  @Test
  void whatIsLentStays() {
    try (Arena arena = pool.arena()) {
      INDArray lent = arena.array(DataType.FLOAT, FLOATS);
      lent.assign(1);
      limit(BYTES / 2);
      NativeArrays.release(NativeArrays.array(DataType.FLOAT, 'c', FLOATS));
      assertEquals(BYTES, pool.bytes());
      assertEquals(1, lent.getFloat(FLOATS - 1));
    }
  }

  /** So that what is lent is never more than was asked for at most. */
  @Test
  void onlyFewerOfAsWideRowsTakeOthersMemoryWhereItIsLimited() {
    take(8, 4096);
    limit(BYTES);
    take(5, 4096);
    assertEquals(8 * 4096 * Float.BYTES, pool.bytes());
    take(4096, 5);
    assertEquals((8 + 5) * 4096 * Float.BYTES, pool.bytes());
  }

  private void spare() {
    take(FLOATS);
  }

  private void take(long... shape) {
    try (Arena arena = pool.arena()) {
      arena.array(DataType.FLOAT, shape);
    }
  }

  /** Matrices of sequences' places by places, as attention has them, of another length each. */
  @Test
  void anotherWidthTakesSpareMemoryWhereTwiceThePlanHasRoom() {
    limit(4 * BYTES);
    assertEquals(3 * BYTES / 4, pooledAfterShorterRows(BYTES + BYTES / 2), "it fits in twice");
    pool.clear();
    assertEquals(3 * BYTES / 4 + BYTES / 2, pooledAfterShorterRows(3 * BYTES), "it does not");
    pool.clear();
    assertEquals(3 * BYTES / 4 + BYTES / 2, pooledAfterShorterRows(0), "nobody has said");
  }

  private long pooledAfterShorterRows(long planned) {
    NativeHeap.plan(planned);
    for (long width : new long[] {3 * FLOATS / 4 / 64, FLOATS / 2 / 64}) {
      try (Arena arena = pool.arena()) {
        arena.array(DataType.FLOAT, 64, width);
      }
    }
    return pool.bytes();
  }
}
