package io.penstock.feed;

import io.penstock.Internal;
import java.nio.ByteBuffer;
import java.util.Random;
import org.apache.commons.codec.digest.MurmurHash3;

/**
 * Shuffle of one epoch: the order in which it visits the rows, every row once. Runs of {@value
 * #SEGMENT_ROWS} rows are shuffled as wholes, then the rows within windows of {@value
 * #WINDOW_SEGMENTS} runs: a file is read in long pieces, and no more than a window need be in
 * memory. (The rows lie in the order of a hash to begin with, so that no order of the data is left
 * in a window.)
 *
 * <p>It follows from the three parameters alone and is the same on every rank and every Java:
 * {@link Random}'s algorithm is part of its contract. Immutable.
 */
@Internal
public final class EpochOrder {
  static final int SEGMENT_ROWS = 1024;
  static final int WINDOW_SEGMENTS = 8;

  private final long rows;
  private final long seed;
  private final int epoch;
  private final int[] segments;

  /** Index in {@link #segments} of the run that is shorter than the others. */
  private final int shortAt;

  /**
   * The order of one epoch.
   *
   * @param rows how many there are
   * @param seed the job's seed
   * @param epoch from 0
   */
  public EpochOrder(long rows, long seed, int epoch) {
    if (rows < 0) {
      throw new IllegalArgumentException("rows is " + rows + "; it cannot be negative.");
    }
    this.rows = rows;
    this.seed = seed;
    this.epoch = epoch;
    this.segments = new int[Math.toIntExact((rows + SEGMENT_ROWS - 1) / SEGMENT_ROWS)];
    for (int i = 0; i < segments.length; i++) {
      segments[i] = i;
    }
    shuffle(segments, random(-1));
    int last = 0;
    while (last < segments.length && segments[last] != segments.length - 1) {
      last++;
    }
    this.shortAt = last;
  }

  /** Returns how many rows an epoch has. */
  public long rows() {
    return rows;
  }

  /** Returns how many windows the epoch is cut into. */
  int windows() {
    return (segments.length + WINDOW_SEGMENTS - 1) / WINDOW_SEGMENTS;
  }

  /** Returns the window that holds the epoch's row at a position, from 0. */
  int windowAt(long position) {
    int window = (int) (position / (SEGMENT_ROWS * WINDOW_SEGMENTS));
    return position < windowStart(window + 1) ? window : window + 1;
  }

  /** Returns the position of a window's first row. */
  long windowStart(int window) {
    int before = Math.min(window * WINDOW_SEGMENTS, segments.length);
    long full = (long) before * SEGMENT_ROWS;
    return shortAt < before ? full - shortfall() : full;
  }

  private long shortfall() {
    return (long) segments.length * SEGMENT_ROWS - rows;
  }

  /** Returns the rows of a window, as long runs: where each begins in the store. */
  long[] runs(int window) {
    int from = window * WINDOW_SEGMENTS;
    int to = Math.min(from + WINDOW_SEGMENTS, segments.length);
    long[] starts = new long[to - from];
    for (int i = from; i < to; i++) {
      starts[i - from] = (long) segments[i] * SEGMENT_ROWS;
    }
    return starts;
  }

  /** Returns how many rows the run has that begins at a row of the store. */
  int runRows(long start) {
    return (int) Math.min(SEGMENT_ROWS, rows - start);
  }

  /**
   * Draws the order of a window's rows: which of its rows, counted through its runs one after the
   * other, comes at each position.
   */
  int[] shuffled(int window) {
    int[] order = new int[(int) (windowStart(window + 1) - windowStart(window))];
    for (int i = 0; i < order.length; i++) {
      order[i] = i;
    }
    shuffle(order, random(window));
    return order;
  }

  /** Returns where in the store the row lies that comes at each position of a window. */
  long[] window(int window) {
    int[] order = shuffled(window);
    long[] ordered = new long[order.length];
    long[] inRuns = new long[order.length];
    int next = 0;
    for (long start : runs(window)) {
      for (int i = 0; i < runRows(start); i++) {
        inRuns[next++] = start + i;
      }
    }
    for (int i = 0; i < order.length; i++) {
      ordered[i] = inRuns[order[i]];
    }
    return ordered;
  }

  /** Fisher and Yates' shuffle, as Durstenfeld (1964) does it in place. */
  private static void shuffle(int[] values, Random random) {
    for (int i = values.length - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      int swapped = values[i];
      values[i] = values[j];
      values[j] = swapped;
    }
  }

  /** A generator of its own for each window, so that windows can be had in any order. */
  private Random random(int window) {
    ByteBuffer name = ByteBuffer.allocate(Long.BYTES + 2 * Integer.BYTES);
    name.putLong(seed).putInt(epoch).putInt(window);
    return new Random(MurmurHash3.hash128x64(name.array())[0]);
  }
}
