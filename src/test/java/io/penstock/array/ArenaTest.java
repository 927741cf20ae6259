package io.penstock.array;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.compute.Memory;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

class ArenaTest {
  private final ArrayPool pool = new ArrayPool();

  @Test
  void arraysOfOneShapeAndTypeAreUsedAgainAfterTheLease() {
    Arena lease = pool.arena();
    INDArray first = lease.array(DataType.FLOAT, 2, 3);
    assertNotSame(first, lease.array(DataType.FLOAT, 2, 3));
    lease.close();
    Arena next = pool.arena();
    INDArray precise = next.array(DataType.DOUBLE, 2, 3);
    INDArray second = next.array(DataType.FLOAT, 2, 3);
    INDArray third = next.array(DataType.FLOAT, 2, 3);
    assertNotSame(second, third);
    assertTrue(first == second || first == third);
    INDArray other = next.array(DataType.FLOAT, 3, 2);
    assertEquals(3, other.size(0));
    assertEquals(DataType.DOUBLE, precise.dataType());
  }

  @Test
  void twoLeasesShareNothing() {
    Arena one = pool.arena();
    Arena two = pool.arena();
    assertNotSame(one.array(DataType.FLOAT, 4), two.array(DataType.FLOAT, 4));
  }

  @Test
  void whatIsLentStaysAsItIsAfterTheLease() {
    Arena lease = pool.arena();
    Loan kept = lease.lend(lease.array(DataType.FLOAT, 5).assign(7)).orElseThrow();
    INDArray base = lease.array(DataType.FLOAT, 6).assign(8);
    Loan view = lease.lend(base.reshape(2, 3)).orElseThrow();
    Loan part = lease.lend(base.get(NDArrayIndex.interval(2, 4))).orElseThrow();
    lease.close();
    Arena next = pool.arena();
    next.array(DataType.FLOAT, 5).assign(0);
    next.array(DataType.FLOAT, 6).assign(0);
    assertEquals(35, kept.array().sumNumber().intValue());
    assertEquals(48, view.array().sumNumber().intValue());
    view.close();
    assertEquals(16, part.array().sumNumber().intValue());
    assertNotSame(base, next.array(DataType.FLOAT, 6));
    part.close();
    assertSame(base, next.array(DataType.FLOAT, 6));
  }

  @Test
  void whatIsLentStaysAsItIsUntilTheLeaseEnds() {
    Arena lease = pool.arena();
    INDArray own = lease.array(DataType.FLOAT, 6).assign(8);
    lease.lend(own.reshape(2, 3)).orElseThrow().close();
    assertEquals(48, own.sumNumber().intValue());
    assertNotSame(own, pool.arena().array(DataType.FLOAT, 6));
    lease.close();
    assertSame(own, pool.arena().array(DataType.FLOAT, 6));
  }

  @Test
  void whatComesBackFromAnotherThreadIsUsedAgain() throws InterruptedException {
    Arena lease = pool.arena();
    INDArray own = lease.array(DataType.FLOAT, 6);
    Loan loan = lease.lend(own).orElseThrow();
    lease.close();
    Thread reader = new Thread(loan::close);
    reader.start();
    reader.join();
    assertSame(own, pool.arena().array(DataType.FLOAT, 6));
    assertEquals(24, pool.bytes());
  }

  @Test
  void whatComesBackToAClearedPoolIsFreed() {
    Arena lease = pool.arena();
    INDArray own = lease.array(DataType.FLOAT, 6).assign(8);
    Loan loan = lease.lend(own).orElseThrow();
    lease.close();
    pool.clear();
    assertEquals(0, pool.bytes());
    assertEquals(48, loan.array().sumNumber().intValue());
    loan.close();
    assertTrue(own.wasClosed());
    assertNotSame(own, pool.arena().array(DataType.FLOAT, 6));
  }

  @Test
  void aHeldArrayIsFreedWithTheLeaseUnlessLentOn() {
    INDArray freed = Memory.FRESH.array(DataType.FLOAT, 3);
    INDArray spared = Memory.FRESH.array(DataType.FLOAT, 4);
    Arena lease = pool.arena();
    lease.hold(Loan.of(freed, NativeArrays::release));
    lease.hold(Loan.of(spared, NativeArrays::release));
    Loan view = lease.lend(spared.reshape(2, 2)).orElseThrow();
    lease.close();
    assertTrue(freed.wasClosed());
    assertEquals(4, view.array().assign(1).sumNumber().intValue());
    view.close();
    assertTrue(spared.wasClosed());
  }

  @Test
  void nothingElseCanBeLent() {
    Arena lease = pool.arena();
    lease.array(DataType.FLOAT, 4);
    assertTrue(lease.lend(Nd4j.ones(DataType.FLOAT, 4)).isEmpty());
  }

  @Test
  void aClearedPoolHasFreedItsArrays() {
    Arena lease = pool.arena();
    INDArray array = lease.array(DataType.FLOAT, 3);
    lease.close();
    pool.clear();
    assertTrue(array.wasClosed());
  }
}
