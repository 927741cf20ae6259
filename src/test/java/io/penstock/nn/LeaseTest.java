package io.penstock.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

class LeaseTest {
  private final ArrayPool pool = new ArrayPool();

  @Test
  void arraysOfOneShapeAndTypeAreUsedAgainAfterTheLease() {
    Lease lease = pool.lease();
    INDArray first = lease.array(DataType.FLOAT, 2, 3);
    assertNotSame(first, lease.array(DataType.FLOAT, 2, 3));
    lease.close();
    Lease next = pool.lease();
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
  void twoLeasesShareNothingButOnes() {
    Lease one = pool.lease();
    Lease two = pool.lease();
    assertNotSame(one.array(DataType.FLOAT, 4), two.array(DataType.FLOAT, 4));
    assertSame(one.ones(DataType.FLOAT, 4), two.ones(DataType.FLOAT, 4));
    assertEquals(4, one.ones(DataType.FLOAT, 4).sumNumber().intValue());
  }

  @Test
  void whatIsLetGoStaysAsItIs() {
    Lease lease = pool.lease();
    INDArray kept = lease.letGo(lease.array(DataType.FLOAT, 5).assign(7));
    INDArray base = lease.array(DataType.FLOAT, 6).assign(8);
    INDArray view = lease.letGo(base.reshape(2, 3));
    lease.close();
    Lease next = pool.lease();
    next.array(DataType.FLOAT, 5).assign(0);
    next.array(DataType.FLOAT, 6).assign(0);
    assertEquals(35, kept.sumNumber().intValue());
    assertEquals(48, view.sumNumber().intValue());
  }

  @Test
  void anOwnedArrayIsFreedWithTheLeaseUnlessLetGo() {
    INDArray freed = Memory.FRESH.array(DataType.FLOAT, 3);
    INDArray spared = Memory.FRESH.array(DataType.FLOAT, 3);
    Lease lease = pool.lease();
    lease.own(freed);
    lease.own(spared);
    lease.letGo(spared);
    lease.close();
    assertTrue(freed.wasClosed());
    assertEquals(3, spared.assign(1).sumNumber().intValue());
  }

  @Test
  void aClearedPoolHasFreedItsArrays() {
    Lease lease = pool.lease();
    INDArray array = lease.array(DataType.FLOAT, 3);
    lease.close();
    pool.clear();
    assertTrue(array.wasClosed());
  }
}
