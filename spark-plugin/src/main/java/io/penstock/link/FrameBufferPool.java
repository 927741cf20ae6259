package io.penstock.link;

import io.penstock.array.FreeLists;
import io.penstock.array.NativeArrays;
import io.penstock.array.Poison;
import io.penstock.array.SpareMemory;
import java.lang.ref.WeakReference;
import java.util.Arrays;
import java.util.Map;
import java.util.WeakHashMap;
import org.bytedeco.javacpp.Pointer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Pool of receive and send buffers: the arrays that frames are received in, or made in to be sent.
 * One that is put back is taken again for the next frame of its kind; one that is not is freed by
 * the garbage collector as any other. Holds at most as many of a kind as were out at one time, and
 * four times as much memory as was out at one time: where frames differ in length, kinds not used
 * for long go. Where the process has a limit, what is spare makes room for what is needed: see
 * {@link SpareMemory}. Thread-safe.
 *
 * <p>New memory costs more than what it is for: the system clears each page when it is first
 * touched. Frames of 256 KiB to 4 MiB came over loopback at 55 to 80 % of the rate of plain sockets
 * with arrays put back, and at 20 to 25 % with new ones.
 */
final class FrameBufferPool implements AutoCloseable {
  /** Frames of several kinds go in turn, so that few of them are out at one time. */
  private static final int SLACK = 4;

  /** Element type, shape and memory order: arrays of one kind may stand in for each other. */
  private static final class Kind {
    private DataType type;
    private char ordering;
    private long[] shape;

    private Kind set(DataType newType, char newOrdering, long[] newShape) {
      type = newType;
      ordering = newOrdering;
      shape = newShape;
      return this;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Kind kind
          && type == kind.type
          && ordering == kind.ordering
          && Arrays.equals(shape, kind.shape);
    }

    @Override
    public int hashCode() {
      return 31 * (31 * type.hashCode() + ordering) + Arrays.hashCode(shape);
    }
  }

  /** Record of an array of this pool, wherever it is. */
  private static final class Item {
    private final WeakReference<INDArray> array;
    private final Kind kind;
    private boolean out = true;

    Item(INDArray array) {
      this.array = new WeakReference<>(array);
      this.kind = new Kind().set(array.dataType(), array.ordering(), array.shape());
    }

    /** Returns the bytes of it that are out; none of what was closed, or is nobody's any more. */
    long bytesOut() {
      INDArray one = array.get();
      return !out || one == null || one.wasClosed() ? 0 : NativeArrays.bytes(one);
    }
  }

  private final FreeLists<Kind, INDArray> spare = new FreeLists<>();

  /** The kind that is asked for, set for each array: a look-up leaves no key on the heap. */
  private final Kind asked = new Kind();

  // By memory, for the hash code of an array is that of its elements. The weak key goes before its
  // memory does, so another array at the same place is never mistaken for ours.
  private final Map<Pointer, Item> items = new WeakHashMap<>();
  private final Transfer transfer;
  private final SpareMemory.Keeper keeper;
  private long spareBytes;
  private long mostOutBytes;
  private boolean closed;

  /** An empty pool of arrays that a transfer allocates. */
  FrameBufferPool(Transfer transfer) {
    this.transfer = transfer;
    this.keeper = this::freeSpare;
    SpareMemory.add(keeper);
  }

  /** Returns how its arrays get to where they are computed with. */
  Transfer transfer() {
    return transfer;
  }

  /** Takes an array outside any ND4J workspace, whose elements are whatever the memory held. */
  INDArray take(DataType type, long[] shape, char ordering) {
    INDArray array = takeSpare(type, shape, ordering);
    if (array == null) {
      array =
          SpareMemory.allocate(
              NativeArrays.bytes(type, shape), () -> transfer.allocate(type, shape, ordering));
      Poison.fill(array);
      register(array);
    }
    return array;
  }

  private synchronized INDArray takeSpare(DataType type, long[] shape, char ordering) {
    INDArray array = spare.take(asked.set(type, ordering, shape));
    if (array != null) {
      spareBytes -= NativeArrays.bytes(array);
      items.get(array.data().pointer()).out = true;
    }
    return array;
  }

  private synchronized void register(INDArray array) {
    makeRoom(NativeArrays.bytes(array));
    items.put(array.data().pointer(), new Item(array));
  }

  /**
   * Frees spare arrays of the kinds not used for the longest time, so that {@code bytes} more may
   * be out.
   */
  private void makeRoom(long bytes) {
    long outBytes = bytes;
    for (Item item : items.values()) {
      outBytes += item.bytesOut();
    }
    mostOutBytes = Math.max(mostOutBytes, outBytes);
    freeSpare(outBytes + spareBytes - SLACK * mostOutBytes);
  }

  private synchronized long freeSpare(long bytes) {
    long freed =
        spare.evict(
            bytes,
            array -> {
              long own = NativeArrays.bytes(array);
              items.remove(array.data().pointer());
              NativeArrays.releaseOfHost(array);
              return own;
            });
    spareBytes -= freed;
    return freed;
  }

  /** Returns the bytes that wait to be taken. */
  synchronized long spareBytes() {
    return spareBytes;
  }

  /**
   * Puts back an array that was taken here; any other, and a view of one, is left alone.
   *
   * @return whether it was put back, or is closed and nothing is left to do
   */
  synchronized boolean putBack(INDArray array) {
    if (array.wasClosed()) {
      return true;
    }
    Item item = items.get(array.data().pointer());
    if (item != null && item.out && item.array.get() == array) {
      transfer.settle(); // a GPU may be reading it still, and the next frame is written beside that
      item.out = false;
      if (closed) {
        items.remove(array.data().pointer());
        NativeArrays.releaseOfHost(array);
        return true;
      }
      Poison.fill(array);
      spare.give(item.kind, array);
      spareBytes += NativeArrays.bytes(array);
      return true;
    }
    return false;
  }

  /** Frees what is spare, and from now on what is put back. */
  @Override
  public synchronized void close() {
    closed = true;
    for (INDArray array = spare.takeOldest(); array != null; array = spare.takeOldest()) {
      items.remove(array.data().pointer());
      NativeArrays.releaseOfHost(array);
    }
    spareBytes = 0;
  }
}
