package io.penstock.array;

import io.penstock.Internal;
import java.util.Arrays;
import java.util.function.Consumer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Pool of arrays that are used again, step after step: each is lent to one {@link Arena} at a time.
 * An array of another shape may take the memory of one that is not lent, so that sequences of
 * varying lengths do not gather memory for every length. Holds at most twice the most that was ever
 * lent at one time, and less where the process has no room for it: see {@link SpareMemory}. For one
 * thread, but for what that frees.
 */
@Internal
public final class ArrayPool {
  private static final int SLACK = 2;

  /** Element type and shape: arrays of one kind may stand in for each other. */
  static final class Kind {
    private DataType type;
    private long[] shape;

    Kind(DataType type, long... shape) {
      set(type, shape);
    }

    private Kind set(DataType newType, long... newShape) {
      type = newType;
      shape = newShape;
      return this;
    }

    long[] shape() {
      return shape;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Kind kind && type == kind.type && Arrays.equals(shape, kind.shape);
    }

    @Override
    public int hashCode() {
      return 31 * type.hashCode() + Arrays.hashCode(shape);
    }
  }

  /** The kind that is asked for, set for each array: a look-up leaves no key on the heap. */
  private final Kind asked = new Kind(null);

  /** Shapes to ask by, by their rank; likewise. */
  private long[][] shapes = {};

  private final FreeLists<Kind, Block> free = new FreeLists<>();

  /** The memory of its arrays; null for the host's. */
  private final DeviceMemory memory;

  private final Consumer<INDArray> release;
  private final SpareMemory.Keeper keeper;
  private Returns returns;
  private long heldBytes;
  private long lentBytes;

  /** The part of {@link #lentBytes} that was lent beyond its arena and has not come back. */
  private long awayBytes;

  private long mostLentBytes;

  /** A pool that holds nothing yet, and frees what came from elsewhere. */
  public ArrayPool() {
    this(NativeArrays::release);
  }

  /**
   * A pool that holds nothing yet.
   *
   * @param release takes arrays of elsewhere that are done with, and those of this pool that come
   *     back after it was cleared, on any thread
   */
  public ArrayPool(Consumer<INDArray> release) {
    this(null, release);
  }

  /**
   * A pool in the memory of a device that holds nothing yet.
   *
   * @param memory the device's; null for the host's
   * @param release as of a pool of the host's
   */
  public ArrayPool(DeviceMemory memory, Consumer<INDArray> release) {
    this.memory = memory;
    this.release = release;
    this.returns = new Returns(release);
    this.keeper = this::freeSpare;
    if (memory == null) {
      SpareMemory.add(keeper);
    }
  }

  /**
   * Lends a fresh array to be written by whoever asks, and read by others; the pool's once closed.
   */
  public Loan loan(DataType type, long... shape) {
    return lend(take(type, shape));
  }

  /** Hands on an array that is not of this pool and that nobody uses any more; for any thread. */
  public void giveElsewhere(INDArray array) {
    release.accept(array);
  }

  /** An arena that has taken nothing yet. */
  public Arena arena() {
    return new Arena(this);
  }

  /** Frees the memory of all arrays that are not lent. */
  public synchronized void clear() {
    returns.close();
    fetch();
    returns = new Returns(release);
    lentBytes -= awayBytes;
    awayBytes = 0;
    free.all().forEach(Block::free);
    free.clear();
    heldBytes = lentBytes;
    mostLentBytes = lentBytes;
  }

  /** Returns the bytes that its arrays take, lent or not. */
  public synchronized long bytes() {
    return heldBytes;
  }

  /** Takes memory for an array of as many vectors as another has, but of this width. */
  Block take(INDArray like, long width) {
    int rank = like.rank();
    if (rank >= shapes.length) {
      shapes = Arrays.copyOf(shapes, rank + 1);
    }
    if (shapes[rank] == null) {
      shapes[rank] = new long[rank];
    }
    long[] shape = shapes[rank];
    System.arraycopy(like.shape(), 0, shape, 0, rank - 1);
    shape[rank - 1] = width;
    return take(like.dataType(), shape);
  }

  Block take(DataType type, long[] shape) {
    Block spare = takeSpare(type, shape);
    return spare == null ? takeFresh(type, shape.clone()) : spare;
  }

  /** Takes memory that is here: of this shape, or that had another and suits; null if none does. */
  private synchronized Block takeSpare(DataType type, long[] shape) {
    fetch();
    Block block = free.take(asked.set(type, shape));
    if (block == null) {
      block = takeOther(type, shape);
    }
    return block == null ? null : lent(block);
  }

  private Block takeOther(DataType type, long[] shape) {
    long needed = NativeArrays.bytes(type, shape);
    Block best = null;
    for (Block block : free.all()) {
      if (block.fits(type, needed, shape) && (best == null || block.bytes() < best.bytes())) {
        best = block;
      }
    }
    if (best == null) {
      return null;
    }
    free.remove(best);
    return best.as(shape.clone());
  }

  private Block takeFresh(DataType type, long[] shape) {
    long needed = NativeArrays.bytes(type, shape);
    makeRoom(needed);
    Block fresh = Block.of(memory, type, shape);
    synchronized (this) {
      heldBytes += needed;
      return lent(fresh);
    }
  }

  private Block lent(Block block) {
    lentBytes += block.bytes();
    mostLentBytes = Math.max(mostLentBytes, lentBytes);
    return block;
  }

  /** Frees what was not used for the longest time, until so much more may be held. */
  private synchronized void makeRoom(long bytes) {
    free(heldBytes + bytes - SLACK * Math.max(mostLentBytes, lentBytes + bytes));
  }

  private synchronized long freeSpare(long bytes) {
    fetch();
    return free(bytes);
  }

  private long free(long bytes) {
    return free.evict(
        bytes,
        block -> {
          block.free();
          heldBytes -= block.bytes();
          return block.bytes();
        });
  }

  synchronized void giveBack(Block block) {
    Poison.fill(block.array());
    free.give(block.kind(), block);
    lentBytes -= block.bytes();
  }

  /** Lends an array beyond its arena: it comes back when the loan ends, on whichever thread. */
  synchronized Loan lend(Block block) {
    awayBytes += block.bytes();
    Returns home = returns;
    return Loan.of(block.array(), array -> home.give(block));
  }

  private void fetch() {
    for (Block block = returns.take(); block != null; block = returns.take()) {
      awayBytes -= block.bytes();
      giveBack(block);
    }
  }
}
