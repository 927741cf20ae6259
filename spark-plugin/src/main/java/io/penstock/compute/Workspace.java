package io.penstock.compute;

import io.penstock.Internal;
import io.penstock.array.ArrayPool;
import io.penstock.array.DeviceMemory;
import io.penstock.array.Loan;
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
  private final ComputeDevice device;
  private final ArrayPool pool;
  private final Opened computes;

  /** The processor's operations, where the device is another. */
  private final Opened processor;

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
    this(ComputeDevice.PROCESSOR, release);
  }

  /**
   * A workspace on a device that holds nothing yet.
   *
   * @param device in whose memory its arrays lie
   * @param release as of one on the processor
   */
  public Workspace(ComputeDevice device, Consumer<INDArray> release) {
    this.device = device;
    this.pool = new ArrayPool(device.memory(), release);
    this.computes = new Opened(device);
    this.processor = isOnDevice() ? new Opened(ComputeDevice.PROCESSOR) : computes;
  }

  /** Returns what its operations compute on. */
  public ComputeDevice device() {
    return device;
  }

  /** Lends a fresh array to be written by whoever asks, and read until the loan is closed. */
  public Loan loan(DataType type, long... shape) {
    return pool.loan(type, shape);
  }

  /** Lends a copy of an array, which lies on the device or elsewhere. */
  public Loan copy(INDArray array) {
    Loan loan = loan(array.dataType(), array.shape());
    try {
      NativeArrays.copy(array, loan.array());
      return loan;
    } catch (Throwable failure) {
      try (loan) {
        throw failure;
      }
    }
  }

  /**
   * Lends an array where this one's lie: itself if it does, else a copy, and the loan is closed.
   */
  public Loan placed(Loan loan) {
    if (!isOnDevice() || NativeArrays.isOnDevice(loan.array())) {
      return loan;
    }
    try (loan) {
      return copy(loan.array());
    }
  }

  /** Returns whether its arrays lie in the memory of a device, not in the host's. */
  public boolean isOnDevice() {
    return device.memory() != null;
  }

  /** Opens an arena that has taken nothing yet. */
  public MicroBatchArena arena() {
    return new MicroBatchArena(pool.arena(), this);
  }

  /** Returns fresh memory where its arenas' lies, which the garbage collector frees. */
  public Memory fresh() {
    return new Fresh(this, device.memory(), computes);
  }

  /** Returns fresh memory of the host's, which the garbage collector frees. */
  Memory host() {
    return new Fresh(this, null, processor);
  }

  private record Fresh(Workspace workspace, DeviceMemory memory, Opened computes)
      implements Memory {
    @Override
    public INDArray array(DataType type, long... shape) {
      return NativeArrays.array(memory, type, 'c', shape);
    }

    @Override
    public Compute compute(DataType type) {
      return computes.of(type);
    }

    @Override
    public Kernels kernels() {
      return workspace.kernels;
    }

    @Override
    public Memory onHost() {
      return memory == null ? this : workspace.host();
    }
  }

  /** Returns the compute operations for numbers of this type in its arenas' memory. */
  public Compute compute(DataType type) {
    return computes.of(type);
  }

  /** Returns the compute operations for an array, on the device or in the host's memory. */
  public Compute compute(INDArray array) {
    return (NativeArrays.isOnDevice(array) ? computes : processor).of(array.dataType());
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
    processor.clear();
    kernels.clear();
  }

  /** Returns the bytes that its arrays take, lent or not. */
  public long bytes() {
    return pool.bytes();
  }
}
