package io.penstock.array;

import java.util.Arrays;
import java.util.function.Consumer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Arrays that are used again, step after step: each is lent to one {@link Arena} at a time. An
 * array of another shape may take the memory of one that is not lent, so that sequences of varying
 * lengths do not gather memory for every length. Holds at most twice the most that was ever lent at
 * one time. For one thread.
 */
public final class ArrayPool {
  private static final int SLACK = 2;

  /** What arrays have in common that may stand in for each other. */
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

    @Override
    public boolean equals(Object other) {
      return other instanceof Kind kind && type == kind.type && Arrays.equals(shape, kind.shape);
    }

    @Override
    public int hashCode() {
      return 31 * type.hashCode() + Arrays.hashCode(shape);
    }
  }

  /** The one that is asked for, set for each array: a look-up leaves no key on the heap. */
  private final Kind asked = new Kind(null);

  private final FreeLists<Kind, Block> free = new FreeLists<>();

  private final Consumer<INDArray> release;
  private long heldBytes;
  private long lentBytes;
  private long mostLentBytes;

  /** A pool that holds nothing yet, and frees what came from elsewhere. */
  public ArrayPool() {
    this(NativeArrays::release);
  }

  /**
   * A pool that holds nothing yet.
   *
   * @param release takes arrays of elsewhere that are done with, and those that were given away, on
   *     any thread
   */
  public ArrayPool(Consumer<INDArray> release) {
    this.release = release;
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
  public void clear() {
    free.all().forEach(Block::free);
    free.clear();
    heldBytes = lentBytes;
    mostLentBytes = lentBytes;
  }

  /** How much memory its arrays take, lent or not. */
  public long bytes() {
    return heldBytes;
  }

  Block take(DataType type, long[] shape) {
    Block block = free.take(asked.set(type, shape));
    if (block == null) {
      block = takeOther(type, shape);
    }
    lentBytes += block.bytes();
    mostLentBytes = Math.max(mostLentBytes, lentBytes);
    return block;
  }

  /** Memory that had another shape if there is any that suits, otherwise fresh memory. */
  private Block takeOther(DataType type, long[] shape) {
    long needed = Block.bytes(type, shape);
    Block best = null;
    for (Block block : free.all()) {
      if (block.fits(type, needed) && (best == null || block.bytes() < best.bytes())) {
        best = block;
      }
    }
    if (best != null) {
      free.remove(best);
      return best.as(shape);
    }
    makeRoom(needed);
    heldBytes += needed;
    return Block.of(type, shape);
  }

  /** Frees what was not used for the longest time, until so much more may be held. */
  private void makeRoom(long bytes) {
    long most = SLACK * Math.max(mostLentBytes, lentBytes + bytes);
    while (heldBytes + bytes > most) {
      Block block = free.takeOldest();
      if (block == null) {
        return;
      }
      block.free();
      heldBytes -= block.bytes();
    }
  }

  void giveBack(Block block) {
    Poison.fill(block.array());
    free.give(block.kind(), block);
    lentBytes -= block.bytes();
  }

  /** Forgets an array that was lent: it is freed when the loan ends, on whichever thread. */
  Loan giveAway(Block block) {
    lentBytes -= block.bytes();
    heldBytes -= block.bytes();
    return Loan.of(block.array(), release);
  }
}
