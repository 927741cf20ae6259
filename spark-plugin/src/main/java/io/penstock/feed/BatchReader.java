package io.penstock.feed;

import io.penstock.nn.Blank;
import java.nio.FloatBuffer;
import org.bytedeco.javacpp.FloatPointer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * One epoch's micro-batches as arrays. Cheapest when they are asked for in ascending order. Not
 * safe for several threads; does not own the store.
 */
public final class BatchReader {
  /** Wider windows are read a row at a time: their rows are then 8 KiB and more, each. */
  private static final long WINDOW_BYTES = 64L << 20;

  private final RowStore store;
  private final EpochOrder order;
  private final MiniBatches batches;
  private final boolean buffering;

  private int window = -1;
  private float[] windowRows;

  /** The window's order: into {@link #windowRows} when buffering, else into the store. */
  private long[] places;

  /**
   * @throws IllegalArgumentException if the three do not speak of the same number of rows
   */
  public BatchReader(RowStore store, EpochOrder order, MiniBatches batches) {
    if (store.rows() != order.rows() || store.rows() != batches.rows()) {
      throw new IllegalArgumentException(
          String.format(
              "the store has %d rows, the order %d, the mini-batches %d; all must be the same.",
              store.rows(), order.rows(), batches.rows()));
    }
    this.store = store;
    this.order = order;
    this.batches = batches;
    long windowBytes =
        (long) EpochOrder.SEGMENT_ROWS * EpochOrder.WINDOW_SEGMENTS * store.width() * Float.BYTES;
    // Rows in memory are at hand one by one; those of a file come better in long pieces.
    this.buffering = store.spilled() && windowBytes <= WINDOW_BYTES;
  }

  /**
   * Reads a micro-batch.
   *
   * @param step from 0, within the epoch
   * @param microBatch from 0, within the step
   * @return a new array of floats, [rows, width], in 'c' order, which the caller owns
   * @throws IndexOutOfBoundsException if there is no such micro-batch
   * @throws java.io.UncheckedIOException if the store's file cannot be read
   */
  public INDArray read(int step, int microBatch) {
    MicroBatchRange range = batches.microBatch(step, microBatch);
    int width = store.width();
    INDArray batch = Blank.array(DataType.FLOAT, 'c', range.rows(), width);
    boolean host = batch.data().pointer() instanceof FloatPointer;
    // Straight into the array, so that a step leaves nothing on the heap.
    FloatBuffer values =
        host
            ? ((FloatPointer) batch.data().pointer()).asBuffer()
            : FloatBuffer.allocate(range.rows() * width);
    for (int i = 0; i < range.rows(); i++) {
      long position = range.start() + i;
      enter(order.windowAt(position));
      long place = places[(int) (position - order.windowStart(window))];
      if (buffering) {
        values.put(windowRows, (int) place * width, width);
      } else {
        store.read(place, 1, values);
      }
    }
    return host ? batch : Nd4j.create(values.array(), new long[] {range.rows(), width}, 'c');
  }

  private void enter(int next) {
    if (next == window) {
      return;
    }
    window = next;
    if (!buffering) {
      places = order.window(window);
      return;
    }
    int[] shuffled = order.shuffled(window);
    places = new long[shuffled.length];
    for (int i = 0; i < shuffled.length; i++) {
      places[i] = shuffled[i];
    }
    int width = store.width();
    windowRows = new float[shuffled.length * width];
    FloatBuffer rows = FloatBuffer.wrap(windowRows);
    for (long start : order.runs(window)) {
      store.read(start, order.runRows(start), rows);
    }
  }
}
