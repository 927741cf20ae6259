package io.penstock.compute.cuda;

/**
 * Cut of a product's inner dimension into parts whose sums are added up in ascending order, for
 * results that have too few tiles to keep a GPU busy. It follows from the shape alone. Immutable.
 *
 * @param count of parts
 * @param length of each but the last, which may be shorter
 */
record InnerParts(long count, long length) {
  /** Blocks that keep a GPU busy: a few for each multiprocessor of a large one. */
  private static final long BLOCKS = 512;

  /** Inner numbers for which a part is worth its pass over memory. */
  private static final long LEAST = 256;

  /** A multiple of what every kernel takes in one slice. */
  private static final long SLICE = 32;

  /** Returns the cut for a product with so many tiles. */
  static InnerParts of(long inner, long tiles) {
    long most = Math.max(1, Math.min(BLOCKS / Math.max(1, tiles), inner / LEAST));
    if (most == 1) {
      return new InnerParts(1, inner);
    }
    long even = (inner + most - 1) / most;
    long length = (even + SLICE - 1) / SLICE * SLICE;
    return new InnerParts((inner + length - 1) / length, length);
  }
}
