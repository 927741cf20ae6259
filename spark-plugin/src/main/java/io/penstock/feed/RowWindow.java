package io.penstock.feed;

import java.nio.FloatBuffer;

/** Window of an epoch's shuffle: its rows, in the epoch's order. For one thread. */
interface RowWindow {

  /**
   * Reads a row.
   *
   * @param position from 0, within the window
   * @param into receives its floats from its position on, which moves behind them
   */
  void read(int position, FloatBuffer into);

  /**
   * A window whose rows are fetched one by one.
   *
   * @param places where in the store they lie
   */
  record AtHand(RowStore store, long[] places) implements RowWindow {
    @Override
    public void read(int position, FloatBuffer into) {
      store.read(places[position], 1, into);
    }
  }

  /** A window that is read at once, in long runs. */
  final class Buffered implements RowWindow {
    private final int[] shuffled;
    private final float[] rows;

    /** Offsets in {@link #rows} at which every row begins, and the last one ends. */
    private final int[] starts;

    Buffered(RowStore store, EpochOrder order, int window) {
      this.shuffled = order.shuffled(window);
      this.starts = new int[shuffled.length + 1];
      int next = 0;
      for (long start : order.runs(window)) {
        for (int i = 0; i < order.runRows(start); i++) {
          starts[next + 1] = Math.addExact(starts[next], store.width(start + i));
          next++;
        }
      }
      this.rows = new float[starts[next]];
      FloatBuffer all = FloatBuffer.wrap(rows);
      for (long start : order.runs(window)) {
        store.read(start, order.runRows(start), all);
      }
    }

    @Override
    public void read(int position, FloatBuffer into) {
      int row = shuffled[position];
      into.put(rows, starts[row], starts[row + 1] - starts[row]);
    }
  }
}
