package io.penstock.array;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

class ArrayPoolTest {
  private final ArrayPool pool = new ArrayPool();

  @Test
  void anArrayOfTheSameKindComesBackAsItIs() {
    INDArray first = lend(DataType.FLOAT, 3, 4);
    assertSame(first, lend(DataType.FLOAT, 3, 4));
    assertEquals(48, pool.bytes());
  }

  @Test
  void anotherShapeTakesTheSameMemory() {
    INDArray large = lend(DataType.FLOAT, 5, 4);
    INDArray small = lend(DataType.FLOAT, 2, 3, 2);
    assertEquals(large.data().pointer().address(), small.data().pointer().address());
    assertEquals(12, small.length());
    assertEquals(78, small.assign(6.5).sumNumber().intValue());
    assertEquals(80, pool.bytes());
    assertEquals(20, lend(DataType.FLOAT, 20).assign(1).sumNumber().intValue());
    assertEquals(80, pool.bytes());
  }

  @Test
  void aMuchSmallerArrayOrAnotherTypeDoesNot() {
    try (Arena lease = pool.arena()) {
      lease.array(DataType.FLOAT, 100);
      lease.array(DataType.FLOAT, 100);
    }
    lend(DataType.FLOAT, 49);
    lend(DataType.DOUBLE, 50);
    assertEquals(2 * 400 + 196 + 400, pool.bytes());
  }

  @Test
  void itHoldsAtMostTwiceWhatWasLentAtOneTime() {
    Random random = new Random(1);
    long most = 0;
    for (int step = 0; step < 300; step++) {
      long lent = 0;
      try (Arena lease = pool.arena()) {
        int length = 1 + random.nextInt(200);
        for (long width : new long[] {1, 3, 8, 64}) {
          lent += 4 * lease.array(DataType.FLOAT, 2, length, width).assign(step).length();
        }
        most = Math.max(most, lent);
        // A little more is lent than was asked for.
        assertTrue(pool.bytes() <= 2 * 2 * most, pool.bytes() + " of " + most + " at " + step);
      }
    }
    assertTrue(pool.bytes() <= 3 * most, pool.bytes() + " of " + most);
  }

  @Test
  void whatIsLentFromALeaseIsCountedUntilThePoolIsCleared() {
    Loan away;
    try (Arena lease = pool.arena()) {
      lease.lend(lease.array(DataType.FLOAT, 10)).orElseThrow().close();
      away = lease.lend(lease.array(DataType.FLOAT, 3)).orElseThrow();
      lease.array(DataType.FLOAT, 5);
    }
    assertEquals(72, pool.bytes());
    pool.clear();
    assertEquals(0, pool.bytes());
    away.close();
    assertEquals(0, pool.bytes());
  }

  @Test
  void memoryThatHadAnotherShapeCanBeLentOnAndFreed() {
    lend(DataType.FLOAT, 20);
    INDArray array;
    Loan loan;
    try (Arena lease = pool.arena()) {
      array = lease.array(DataType.FLOAT, 15);
      loan = lease.lend(array).orElseThrow();
    }
    pool.clear();
    assertEquals(30, array.assign(2).sumNumber().intValue());
    loan.close();
    assertTrue(array.wasClosed());
  }

  private INDArray lend(DataType type, long... shape) {
    try (Arena lease = pool.arena()) {
      return lease.array(type, shape);
    }
  }
}
