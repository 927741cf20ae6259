package io.penstock.compute.cuda;

/**
 * Team of threads of a block that share a row, as {@code teams.h} has it: small ones for narrow
 * rows, several of which one block takes, and a whole block for wide ones. Its size follows from
 * the row's width alone, and with it the order of the row's sums. Immutable.
 *
 * @param threads a power of two, up to {@value #LARGEST}
 */
record Team(int threads) {
  /** Threads of the largest team. */
  static final int LARGEST = 512;

  private static final int LEAST_BLOCK = 256;

  /** Numbers of a row for each thread, where the row is not so wide that there are more. */
  private static final int EACH = 8;

  /** Returns the team for rows of so many numbers. */
  static Team of(long width) {
    int threads = 1;
    while (threads < LARGEST && (long) threads * EACH < width) {
      threads *= 2;
    }
    return new Team(threads);
  }

  /** Launches a kernel, all of whose arguments are passed but the last, the team's size. */
  void launch(Launcher arguments, long rows) {
    int block = Math.max(threads, LEAST_BLOCK);
    long inBlock = block / threads;
    arguments.choice(threads).blocks((rows + inBlock - 1) / inBlock, block);
  }
}
