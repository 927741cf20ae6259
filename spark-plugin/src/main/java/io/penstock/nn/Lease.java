package io.penstock.nn;

import io.penstock.nn.onednn.Kernels;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.nd4j.linalg.api.buffer.DataBuffer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

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
    Predicate<INDArray> same = sharing(array);
    for (int i = taken.size() - 1; i >= 0; i--) {
      if (same.test(taken.get(i).array())) {
        pool.giveAway(taken.remove(i));
      }
    }
    owned.removeIf(same);
    return array;
  }

  /** Whether another lies in the same memory: a view has a buffer of its own over it. */
  private static Predicate<INDArray> sharing(INDArray array) {
    if (!Nd4j.getEnvironment().isCPU()) {
      // To ask a GPU's buffer for its address takes memory of the host's for it.
      DataBuffer origin = origin(array);
      return one -> origin(one) == origin;
    }
    long memory = address(array);
    return one -> address(one) == memory;
  }

  private static DataBuffer origin(INDArray array) {
    DataBuffer first = array.data().originalDataBuffer();
    return first == null ? array.data() : first;
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
