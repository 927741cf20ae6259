package io.penstock.compute;

import io.penstock.Internal;
import io.penstock.array.ArrayPool;
import io.penstock.array.NativeArrays;
import java.util.function.Consumer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Memory pool and compiled kernels of one thread, used again step after step. Each micro-batch
 * takes a {@link MicroBatchArena} of it. For one thread.
 */
@Internal
public final class Workspace {
  private final ArrayPool pool;
  private final Opened computes = new Opened();
  private final Kernels kernels = new Kernels();

  /** A workspace that holds nothing yet, and frees what came from elsewhere. */
  public Workspace() {
    this(NativeArrays::release);
  }

  /**
   * A workspace that holds nothing yet.
   *
   * @param release takes arrays of elsewhere that are done with, and those of this one that come
   *     back after it was cleared, on any thread
   */
  public Workspace(Consumer<INDArray> release) {
    this.pool = new ArrayPool(release);
  }

  /** Opens an arena that has taken nothing yet. */
  public MicroBatchArena arena() {
    return new MicroBatchArena(pool.arena(), computes, kernels);
  }

  /** Returns the compute operations for numbers of this type in its arenas' memory. */
  public Compute compute(DataType type) {
    return computes.of(type);
  }

  /** Returns the compiled kernels of its arenas. */
  public Kernels kernels() {
    return kernels;
  }

  /** Hands on an array that is not of this pool and that nobody uses any more; for any thread. */
  public void giveElsewhere(INDArray array) {
    pool.giveElsewhere(array);
  }

  /** Frees the memory of all arrays that are not lent, and forgets the kernels. */
  public void clear() {
    pool.clear();
    computes.clear();
    kernels.clear();
  }

  /** Returns the bytes that its arrays take, lent or not. */
  public long bytes() {
    return pool.bytes();
  }
}
