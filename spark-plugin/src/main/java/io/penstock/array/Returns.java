package io.penstock.array;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Where an {@link ArrayPool}'s memory comes back to that was lent beyond its arena, from whichever
 * thread ends the last loan, until the pool fetches it. Thread-safe.
 */
final class Returns {
  private final Deque<Block> back = new ArrayDeque<>();
  private final Consumer<INDArray> release;
  private boolean closed;

  /**
   * None yet.
   *
   * @param release takes what comes after the end
   */
  Returns(Consumer<INDArray> release) {
    this.release = release;
  }

  /** Gives back memory that nobody reads any more. */
  void give(Block block) {
    Nd4j.getExecutioner().commit(); // a GPU may be reading it still, for the one who is done
    if (!kept(block)) {
      release.accept(block.array());
    }
  }

  private synchronized boolean kept(Block block) {
    return !closed && back.add(block);
  }

  /** Fetches one; null if there is none. */
  synchronized Block take() {
    return back.poll();
  }

  /** Ends this: what comes later is released. */
  synchronized void close() {
    closed = true;
  }
}
