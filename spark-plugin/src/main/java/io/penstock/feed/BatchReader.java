package io.penstock.feed;

import io.penstock.Amount;
import io.penstock.Internal;
import io.penstock.array.Allocator;
import io.penstock.nn.SampleWeights;
import java.nio.FloatBuffer;
import java.util.Locale;
import org.bytedeco.javacpp.FloatPointer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.concurrency.AffinityManager;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Reader of one epoch's micro-batches as arrays. Cheapest when they are asked for in ascending
 * order. Not safe for several threads; does not own the store.
 */
@Internal
public final class BatchReader {
  /**
   * Bytes of a shuffle window up to which it is read at once; of wider windows single rows are
   * read, each then of 8 KiB and more.
   */
  private static final long WINDOW_BYTES = 64L << 20;

  private final RowStore store;
  private final EpochOrder order;
  private final MiniBatches batches;
  private final Allocator memory;
  private final boolean buffering;

  /**
   * Room for a row that has a sample weight, which is no part of the batch; null where none has.
   */
  private final FloatBuffer row;

  private int window = -1;
  private RowWindow rows;

  /** Places of the rows of {@link #measured} in the store, in its order. */
  private long[] places;

  private int measured = -1;

  /**
   * A reader of rows without weights.
   *
   * @throws IllegalArgumentException if the three do not speak of the same number of rows
   */
  public BatchReader(RowStore store, EpochOrder order, MiniBatches batches) {
    this(store, order, batches, false, Allocator.FRESH);
  }

  /**
   * A reader of rows with or without sample weights.
   *
   * @param weighted whether the store's rows have their weight behind them, as labels do where
   *     there is a column of weights
   * @param memory where the arrays that are read into come from
   * @throws IllegalArgumentException if the three do not speak of the same number of rows
   */
  public BatchReader(
      RowStore store, EpochOrder order, MiniBatches batches, boolean weighted, Allocator memory) {
    if (store.rows() != order.rows() || store.rows() != batches.rows()) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "the store has %s, the order %d, the mini-batches %d; all must be the same.",
              new Amount(store.rows(), "row"),
              order.rows(),
              batches.rows()));
    }
    this.store = store;
    this.order = order;
    this.batches = batches;
    this.memory = memory;
    this.row = weighted ? FloatBuffer.allocate(store.width()) : null;
    long windowRows = (long) EpochOrder.SEGMENT_ROWS * EpochOrder.WINDOW_SEGMENTS;
    long rowFloats = store.rows() == 0 ? 0 : store.size() / store.rows();
    // Rows in memory are at hand one by one; those of a file come better in long pieces.
    this.buffering = store.spilled() && windowRows * rowFloats * Float.BYTES <= WINDOW_BYTES;
  }

  /**
   * Reads a micro-batch, without weights. Where rows differ in width it is as wide as its widest
   * row, and shorter rows end in -1: features and labels of equal widths make arrays of equal
   * widths.
   *
   * @param step from 0, within the epoch
   * @param microBatch from 0, within the step
   * @return an array of floats, [rows, width], in 'c' order, which the caller owns
   * @throws IndexOutOfBoundsException if there is no such micro-batch
   * @throws java.io.UncheckedIOException if the store's file cannot be read
   */
  public INDArray read(int step, int microBatch) {
    MicroBatchRange range = batches.microBatch(step, microBatch);
    int width = (store.varies() ? widest(range) : store.width()) - (row == null ? 0 : 1);
    INDArray batch = memory.array(DataType.FLOAT, range.rows(), width);
    // On a GPU too: its buffers have memory of the host's beside the GPU's.
    boolean host = batch.data().pointer() instanceof FloatPointer;
    // Straight into the array, so that a step leaves nothing on the heap.
    FloatBuffer values =
        host
            ? ((FloatPointer) batch.data().pointer()).asBuffer()
            : FloatBuffer.allocate(range.rows() * width);
    for (int i = 0; i < range.rows(); i++) {
      if (row == null) {
        read(range.start() + i, values);
      } else {
        readWeighted(range.start() + i);
        values.put(row);
      }
      while (values.position() < (i + 1) * width) {
        values.put(RowDecoder.PADDING);
      }
    }
    // A GPU has to fetch it before use; on a CPU this does nothing.
    Nd4j.getAffinityManager().tagLocation(batch, AffinityManager.Location.HOST);
    return host ? batch : Nd4j.create(values.array(), new long[] {range.rows(), width}, 'c');
  }

  /**
   * Reads the sample weights of a micro-batch.
   *
   * @param step from 0, within the epoch
   * @param microBatch from 0, within the step
   * @throws IndexOutOfBoundsException if there is no such micro-batch
   * @throws java.io.UncheckedIOException if the store's file cannot be read
   */
  public SampleWeights weights(int step, int microBatch) {
    if (row == null) {
      return SampleWeights.ONE;
    }
    MicroBatchRange range = batches.microBatch(step, microBatch);
    float[] weights = new float[range.rows()];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = readWeighted(range.start() + i);
    }
    return SampleWeights.of(weights);
  }

  /** Leaves the row in {@link #row} and returns its weight. */
  private float readWeighted(long position) {
    read(position, row.clear());
    int weightAt = row.position() - 1;
    float weight = row.get(weightAt);
    row.flip().limit(weightAt);
    return weight;
  }

  private void read(long position, FloatBuffer into) {
    enter(order.windowAt(position));
    rows.read((int) (position - order.windowStart(window)), into);
  }

  private void enter(int next) {
    if (next != window) {
      window = next;
      rows =
          buffering
              ? new RowWindow.Buffered(store, order, window)
              : new RowWindow.AtHand(store, places(window));
    }
  }

  /**
   * Returns the width of the widest row; asks the store, not the window, for a micro-batch may
   * begin in one before.
   */
  private int widest(MicroBatchRange range) {
    int widest = 0;
    for (int i = 0; i < range.rows(); i++) {
      long position = range.start() + i;
      int in = order.windowAt(position);
      long place = places(in)[(int) (position - order.windowStart(in))];
      widest = Math.max(widest, store.width(place));
    }
    return widest;
  }

  private long[] places(int in) {
    if (in != measured) {
      places = order.window(in);
      measured = in;
    }
    return places;
  }
}
