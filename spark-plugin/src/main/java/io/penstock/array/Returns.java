package io.penstock.array;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Queue of an {@link ArrayPool}'s memory that was lent beyond its arena and comes back, from
 * whichever thread ends the last loan, until the pool fetches it. Thread-safe.
 */
final class Returns {
  private final Deque<Block> back = new ArrayDeque<>();
  private final Consumer<INDArray> release;
  private boolean closed;

  /**
   * An empty queue.
   *
   * @param release takes what comes after the end
   */
  Returns(Consumer<INDArray> release) {
    this.release = release;
  }

  /** Gives back memory that nobody reads any more. */
  void give(Block block) {
    Nd4j.getExecutioner().commit(); // ND4J's GPU may be reading it still, for the one who is done
    if (!kept(block)) {
      release.accept(block.array());
    }
  }

  private synchronized boolean kept(Block block) {
    return !closed && back.add(block);
  }

  /** Fetches one block; null if there is none. */
  synchronized Block take() {
    return back.poll();
  }

  /** Closes the queue: what comes later is released. */
  synchronized void close() {
    closed = true;
  }
}
