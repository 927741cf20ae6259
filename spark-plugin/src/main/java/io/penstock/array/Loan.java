package io.penstock.array;

import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.function.Consumer;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The right to read an array until it is given back, and the duty to give it back once. Any number
 * of loans may be open on the same memory, on as many threads; when the last of them is closed, the
 * memory goes to where it came from. Closing a loan of a device's memory waits for what the thread
 * has that device do. Nobody who holds one may write to the array, or need know who else holds one.
 * A loan that is never closed leaves its memory to the garbage collector. Thread-safe.
 */
public final class Loan implements AutoCloseable {
  private static final AtomicIntegerFieldUpdater<Origin> OPEN =
      AtomicIntegerFieldUpdater.newUpdater(Origin.class, "open");
  private static final AtomicIntegerFieldUpdater<Loan> CLOSED =
      AtomicIntegerFieldUpdater.newUpdater(Loan.class, "closed");

  /** The memory that loans share, and how many of them are open. */
  private static final class Origin {
    private final INDArray array;
    private final Consumer<INDArray> returned;

    /** Number of open loans. */
    private volatile int open = 1;

    Origin(INDArray array, Consumer<INDArray> returned) {
      this.array = array;
      this.returned = returned;
    }
  }

  private final INDArray array;
  private final Origin origin;

  /** 1 once the loan is closed, 0 before. */
  private volatile int closed;

  private Loan(INDArray array, Origin origin) {
    this.array = array;
    this.origin = origin;
  }

  /**
   * Opens the first loan of an array that nobody else reads.
   *
   * @param returned told once, by whoever closes the last loan and on that thread: takes the
   *     array's memory back, or frees it
   */
  public static Loan of(INDArray array, Consumer<INDArray> returned) {
    return new Loan(array, new Origin(array, returned));
  }

  /**
   * Opens another loan of this memory, for another holder.
   *
   * @param view what that one reads of it: this array, or a view of it
   * @throws IllegalStateException if this loan is closed
   */
  public Loan another(INDArray view) {
    requireOpen();
    OPEN.incrementAndGet(origin);
    return new Loan(view, origin);
  }

  /**
   * Returns the array, to be read until this loan is closed.
   *
   * @throws IllegalStateException if it is closed
   */
  public INDArray array() {
    requireOpen();
    return array;
  }

  private void requireOpen() {
    if (closed != 0) {
      throw new IllegalStateException(
          "This array has been given back already: its memory may hold other numbers, or be freed."
              + " Close a loan when its holder reads no more.");
    }
  }

  /**
   * Gives the array back.
   *
   * @throws IllegalStateException if this loan is closed already: it would end another's
   */
  @Override
  public void close() {
    if (!CLOSED.compareAndSet(this, 0, 1)) {
      throw new IllegalStateException(
          "This array was given back twice; each loan is closed once, by the one who holds it.");
    }
    try {
      settle();
    } finally {
      if (OPEN.decrementAndGet(origin) == 0) {
        origin.returned.accept(origin.array);
      }
    }
  }

  /**
   * Waits for what this thread has a device still read. Whoever closes the last loan knows nothing
   * of that, and others may have the memory at once.
   */
  private void settle() {
    DeviceMemory memory = DeviceBuffer.memory(array);
    if (memory != null) {
      memory.settle();
    }
  }
}
