package io.penstock.link;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.array.RecordedOps;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.concurrency.BasicAffinityManager;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Which calls are made of ND4J, in which order. What CUDA then does, only a GPU can tell. */
class DeviceTransferTest {
  private final List<String> calls = new ArrayList<>();
  private final Affinity affinity = new Affinity();
  private final DeviceTransfer transfer =
      new DeviceTransfer(RecordedOps.of(calls), affinity, () -> calls.add("commit"), 1);
  private final FrameBufferPool pool = new FrameBufferPool(transfer);

  private final class Affinity extends BasicAffinityManager {
    private int current = 1;

    @Override
    public Integer getDeviceForCurrentThread() {
      return current;
    }

    @Override
    public void unsafeSetDevice(Integer device) {
      calls.add("bind " + device);
      current = device;
    }

    @Override
    public void ensureLocation(INDArray array, Location location) {
      calls.add("ensure " + location);
    }

    @Override
    public void tagLocation(INDArray array, Location location) {
      calls.add("tag " + location);
    }

    @Override
    public void touch(INDArray array) {}

    @Override
    public void touch(org.nd4j.linalg.api.buffer.DataBuffer buffer) {}
  }

  private INDArray taken() {
    INDArray array = pool.take(DataType.FLOAT, new long[] {2, 3}, 'c');
    calls.clear();
    return array;
  }

  @Test
  void framesComeInIntoPageLockedMemory() {
    INDArray array = pool.take(DataType.FLOAT, new long[] {2, 3}, 'f');
    assertEquals('f', array.ordering());
    assertEquals(List.of("mallocHost 24", "tag HOST"), calls);
  }

  @Test
  void aReceivedFrameIsOnTheGpuBeforeItIsDelivered() {
    INDArray array = taken();
    transfer.received(array);
    assertEquals(
        List.of("copy 24 kind 1 on stream 1", "wait for stream 1", "tag EVERYWHERE"), calls);
  }

  @Test
  void whatIsSentIsComputedThenFetchedOnAStreamOfItsOwn() {
    INDArray array = Nd4j.ones(DataType.FLOAT, 2, 3);
    INDArray sent = transfer.outgoing(array, pool);
    assertNotSame(array, sent);
    assertEquals(
        List.of(
            "ensure DEVICE",
            "commit",
            "mallocHost 24",
            "tag HOST",
            "copy 24 kind 2 on stream 2",
            "wait for stream 2",
            "tag HOST"),
        calls);
    calls.clear();
    assertTrue(pool.putBack(sent));
    assertNotSame(array, transfer.outgoing(array, pool));
    assertTrue(calls.stream().noneMatch(call -> call.startsWith("malloc")), calls.toString());
  }

  @Test
  void anArrayIsNotOverwrittenWhileTheGpuReadsIt() {
    INDArray array = taken();
    pool.putBack(array);
    assertEquals(List.of("commit"), calls);
  }

  @Test
  void everyThreadIsBoundToTheLinksDevice() {
    affinity.current = 0; // as ND4J deals them out
    transfer.bind();
    transfer.bind();
    assertEquals(List.of("bind 1"), calls);
    affinity.current = 0;
    INDArray array = pool.take(DataType.FLOAT, new long[] {1}, 'c');
    assertEquals("bind 1", calls.get(1));
    affinity.current = 0;
    calls.clear();
    transfer.received(array);
    assertEquals("bind 1", calls.get(0));
  }

  @Test
  void whatCudaRefusesIsToldWithItsWords() {
    DeviceTransfer broken =
        new DeviceTransfer(RecordedOps.without(calls, "memory"), affinity, () -> {}, 1);
    IllegalStateException told =
        assertThrows(IllegalStateException.class, () -> broken.received(taken()));
    assertTrue(told.getMessage().contains("24 B to GPU number 1"), told.getMessage());
  }
}
