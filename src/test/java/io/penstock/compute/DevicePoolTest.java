package io.penstock.compute;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.array.Arena;
import io.penstock.array.ArrayPool;
import io.penstock.array.DeviceBuffer;
import io.penstock.array.Loan;
import io.penstock.array.NativeArrays;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Pools, arenas and workspaces whose arrays lie on a device. */
@Timeout(120)
class DevicePoolTest {
  private final FarDevice device = new FarDevice();
  private final ArrayPool pool = new ArrayPool(device, NativeArrays::release);
  private final Workspace workspace = new Workspace(device, NativeArrays::release);

  private static INDArray array(Arena arena, long... shape) {
    return arena.array(DataType.FLOAT, shape);
  }

  @Test
  void memoryIsUsedAgainForItsShapeAndForOthers() {
    long first;
    try (Arena arena = pool.arena()) {
      INDArray large = array(arena, 5, 4);
      first = DeviceBuffer.address(large);
      assertSame(device, DeviceBuffer.memory(large));
    }
    for (long[] shape : new long[][] {{5, 4}, {2, 3, 2}, {20}, {4, 5}}) {
      try (Arena arena = pool.arena()) {
        INDArray again = array(arena, shape);
        assertEquals(first, DeviceBuffer.address(again));
        NativeArrays.copy(Nd4j.ones(DataType.FLOAT, shape), again);
        assertEquals(again.length(), NativeArrays.onHost(again).sumNumber().longValue());
      }
    }
    assertEquals(80, device.bytes());
    assertEquals(80, pool.bytes());
    pool.clear();
    assertEquals(0, device.bytes());
  }

  @Test
  void noTwoArraysOfOneTimeShareMemoryAndNothingIsLeft() {
    Random random = new Random(1);
    for (int step = 0; step < 200; step++) {
      try (Arena arena = pool.arena();
          Arena other = pool.arena()) {
        Set<Long> places = new HashSet<>();
        for (int i = 0; i < 8; i++) {
          long length = 1 + random.nextInt(60);
          assertTrue(
              places.add(DeviceBuffer.address(array(i % 2 == 0 ? arena : other, length, 3))));
        }
      }
      assertEquals(pool.bytes(), device.bytes());
    }
    pool.clear();
    assertEquals(0, device.bytes());
  }

  @Test
  void whatIsLentStaysUntilTheLastLoanEndsOnWhicheverThread() throws InterruptedException {
    Arena arena = pool.arena();
    INDArray own = NativeArrays.copy(Nd4j.ones(DataType.FLOAT, 6), array(arena, 6));
    long place = DeviceBuffer.address(own);
    Loan view = arena.lend(own.reshape('c', 2, 3)).orElseThrow();
    Loan part = arena.lend(NativeArrays.view(own, 2, 2)).orElseThrow();
    assertTrue(arena.lend(Nd4j.ones(DataType.FLOAT, 6)).isEmpty());
    arena.close();
    try (Arena next = pool.arena()) {
      assertNotEquals(place, DeviceBuffer.address(array(next, 6)));
    }
    assertEquals(6, NativeArrays.onHost(view.array()).sumNumber().intValue());
    view.close();
    Thread reader = new Thread(part::close);
    reader.start();
    reader.join();
    Set<Long> places = new HashSet<>();
    try (Arena next = pool.arena()) {
      places.add(DeviceBuffer.address(array(next, 6)));
      places.add(DeviceBuffer.address(array(next, 6)));
    }
    assertTrue(places.contains(place));
    assertEquals(48, device.bytes());
    pool.clear();
    assertEquals(0, device.bytes());
  }

  @Test
  void whatComesBackToAClearedPoolIsFreed() {
    Loan away;
    try (Arena arena = pool.arena()) {
      away = arena.lend(array(arena, 6)).orElseThrow();
      array(arena, 5);
    }
    pool.clear();
    assertEquals(24, device.bytes());
    away.close();
    assertEquals(0, device.bytes());
  }

  @Test
  void aWorkspaceLendsCopiesAndComputesWhereArraysLie() {
    INDArray host = Nd4j.createFromArray(1f, 2f, 3f);
    try (Loan copy = workspace.copy(host);
        Loan sum = workspace.loan(DataType.FLOAT, 3)) {
      workspace.compute(copy.array()).rows().add(copy.array(), copy.array(), sum.array());
      assertEquals(12, NativeArrays.onHost(sum.array()).sumNumber().intValue());
      INDArray here = Nd4j.zeros(DataType.FLOAT, 3);
      workspace.compute(host).rows().add(host, host, here);
      assertEquals(12, here.sumNumber().intValue());
    }
    assertTrue(workspace.isOnDevice());
    workspace.clear();
    assertEquals(0, device.bytes());
  }

  @Test
  void anArenaGivesTheDevicesArraysAndBesideThemTheHosts() {
    try (MicroBatchArena arena = workspace.arena()) {
      INDArray there = arena.array(DataType.FLOAT, 2, 3);
      assertTrue(NativeArrays.isOnDevice(there));
      assertTrue(NativeArrays.isOnDevice(arena.like(there, 5)));
      assertTrue(NativeArrays.isOnDevice(arena.dense(there)));
      Memory host = arena.onHost();
      assertFalse(NativeArrays.isOnDevice(host.array(DataType.FLOAT, 2)));
      assertSame(host, host.onHost());
      Memory fresh = workspace.fresh();
      assertTrue(NativeArrays.isOnDevice(fresh.array(DataType.FLOAT, 2)));
      assertFalse(NativeArrays.isOnDevice(fresh.onHost().array(DataType.FLOAT, 2)));
    }
    Workspace processor = new Workspace();
    assertFalse(processor.isOnDevice());
    try (MicroBatchArena arena = processor.arena()) {
      assertSame(arena, arena.onHost());
    }
  }
}
