package io.penstock.nn;

import io.penstock.nn.onednn.Kernels;
import java.util.ArrayList;
import java.util.List;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The arrays that one micro-batch needs on one stage, from its forward to the end of its backward:
 * all go back to their {@link ArrayPool} together, so no layer need say when one is dead. For one
 * thread.
 */
public final class Lease implements Memory, AutoCloseable {
  private final ArrayPool pool;
  private final List<Block> taken = new ArrayList<>();
  private final List<INDArray> owned = new ArrayList<>();

  Lease(ArrayPool pool) {
    this.pool = pool;
  }

  @Override
  public INDArray array(DataType type, long... shape) {
    Block block = pool.take(type, shape);
    taken.add(block);
    return block.array();
  }

  @Override
  public INDArray ones(DataType type, long count) {
    return pool.ones(type, count);
  }

  @Override
  public Kernels kernels() {
    return pool.kernels();
  }

  /** Takes charge of an array from elsewhere, whose memory is freed with this lease. */
  public void own(INDArray array) {
    owned.add(array);
  }

  /**
   * Excepts an array, or what it is a view of, from all that goes back: it is the caller's now.
   *
   * @return the array
   */
  public INDArray letGo(INDArray array) {
    // A view has a buffer of its own over the same memory.
    long memory = address(array);
    for (int i = taken.size() - 1; i >= 0; i--) {
      if (address(taken.get(i).array()) == memory) {
        pool.giveAway(taken.remove(i));
      }
    }
    owned.removeIf(one -> address(one) == memory);
    return array;
  }

  private static long address(INDArray array) {
    return array.data().pointer().address();
  }

  /** Gives everything back: none of its arrays may be used any more, nor a view of one. */
  @Override
  public void close() {
    for (Block block : taken) {
      pool.giveBack(block);
    }
    taken.clear();
    for (INDArray array : owned) {
      pool.giveElsewhere(array);
    }
    owned.clear();
  }
}
