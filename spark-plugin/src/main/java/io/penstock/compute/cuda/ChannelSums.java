package io.penstock.compute.cuda;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Sums over the rows and points of each channel of an array {@code [rows, channels, points]}, in
 * two stages, as {@code sums.h} has them. How they are cut into chunks follows from the shape
 * alone, and with it the order of the sums; there are as many as a large device has room for
 * blocks, unless there is too little to do. For one thread.
 */
final class ChannelSums {
  /** Points from which on threads read a channel's points side by side, not a row's columns. */
  private static final long RUN = 8;

  /** Blocks that a large device works at, all at once. */
  private static final long BLOCKS = 1024;

  /** Threads of a block: {@code LINE}. */
  private static final int THREADS = 256;

  /** Columns of a block at most: what a cache line holds. */
  private static final int COLUMNS = 32;

  /** Numbers of a chunk for each thread, at least. */
  private static final long EACH = 4;

  private final Launcher launcher;
  private final long rows;
  private final long channels;
  private final long points;
  private final boolean runs;
  private final int threadsX;
  private final long blocks;
  private final long chunks;

  /** How many rows, or numbers of a run, a chunk has. */
  private final long each;

  ChannelSums(Launcher launcher, long rows, long channels, long points) {
    this.launcher = launcher;
    this.rows = rows;
    this.channels = channels;
    this.points = points;
    this.runs = points >= RUN;
    this.threadsX = runs ? THREADS : columnsOfBlock(channels * points);
    this.blocks = runs ? channels : (channels * points + threadsX - 1) / threadsX;
    long lines = runs ? rows * points : rows;
    long least = EACH * THREADS / (runs ? 1 : threadsX);
    this.chunks = Math.max(1, Math.min(BLOCKS / Math.max(1, blocks), lines / least));
    this.each = (lines + chunks - 1) / chunks;
  }

  private static int columnsOfBlock(long columns) {
    int threads = 1;
    while (threads < COLUMNS && threads < columns) {
      threads *= 2;
    }
    return threads;
  }

  /**
   * Returns scratch memory for the sums of all chunks.
   *
   * @param sums of each channel
   */
  INDArray parts(int slot, int sums) {
    return launcher.scratch(slot, chunks * sums * channels * pointsOfParts());
  }

  private long pointsOfParts() {
    return runs ? 1 : points;
  }

  /** Begins a launch of the first stage's kernel for this shape. */
  Launcher kernel(String what) {
    return launcher.kernel(what + (runs ? "_of_runs" : "_of_columns"));
  }

  /** Launches it; all its own arguments are passed, and the parts. */
  void launch() {
    launcher
        .whole(rows)
        .whole(channels)
        .whole(points)
        .whole(each)
        .grid(blocks, chunks, 1, threadsX, THREADS / threadsX);
  }

  /**
   * Adds up all parts.
   *
   * @param sums of each channel
   * @param result {@code [sums · channels]}
   * @param divisor of each of them
   */
  void finish(INDArray parts, int sums, double divisor, INDArray result) {
    long all = sums * channels;
    launcher
        .kernel("sums_of_parts")
        .array(parts)
        .array(result)
        .whole(chunks)
        .whole(all)
        .whole(pointsOfParts())
        .precise(divisor);
    Team.of(chunks * pointsOfParts()).launch(launcher, all);
  }
}
