package io.penstock.nn;

import io.penstock.nn.onednn.Kernels;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Arrays that are used again, step after step: each is lent to one {@link Lease} at a time. It
 * keeps the most that was ever lent of every shape, until it is {@link #clear}ed. For one thread.
 */
public final class ArrayPool {
  private final List<INDArray> free = new ArrayList<>();
  private final List<INDArray> ones = new ArrayList<>();
  private final Kernels kernels = new Kernels();
  private final Consumer<INDArray> release;

  /** A pool that holds nothing yet, and frees what came from elsewhere. */
  public ArrayPool() {
    this(Blank::release);
  }

  /**
   * A pool that holds nothing yet.
   *
   * @param release takes the arrays from elsewhere that a lease took charge of, when it ends
   */
  public ArrayPool(Consumer<INDArray> release) {
    this.release = release;
  }

  /** Hands on an array that is not of this pool. */
  void giveElsewhere(INDArray array) {
    release.accept(array);
  }

  /** A lease of nothing yet. */
  public Lease lease() {
    return new Lease(this);
  }

  /** Frees the memory of all arrays that are not lent; for when other shapes come. */
  public void clear() {
    free.forEach(Blank::release);
    free.clear();
    ones.clear();
    kernels.clear();
  }

  /** Compiled kernels, for the thread that has the pool. */
  public Kernels kernels() {
    return kernels;
  }

  /** The one that came back last lies in the processor's cache most likely. */
  INDArray take(DataType type, long[] shape) {
    for (int i = free.size() - 1; i >= 0; i--) {
      INDArray array = free.get(i);
      if (array.dataType() == type && Arrays.equals(array.shape(), shape)) {
        return free.remove(i);
      }
    }
    return Blank.array(type, 'c', shape);
  }

  void giveBack(INDArray array) {
    free.add(array);
  }

  /** Lent to everyone at once, for nobody writes to them. */
  INDArray ones(DataType type, long count) {
    for (INDArray array : ones) {
      if (array.length() == count && array.dataType() == type) {
        return array;
      }
    }
    INDArray fresh = Blank.array(type, 'c', count).assign(1);
    ones.add(fresh);
    return fresh;
  }
}
