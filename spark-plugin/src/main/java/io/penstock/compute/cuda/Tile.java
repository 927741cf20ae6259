package io.penstock.compute.cuda;

/**
 * Tile of a product's result that one block of threads computes, as {@code products.cu} has kernels
 * for it.
 */
enum Tile {
  LARGE(128, 64),
  MIDDLE(64, 64),
  SMALL(32, 32),
  FLAT(8, 64),
  NARROW(64, 8);

  /** Threads of a block. */
  static final int THREADS = 256;

  /** Blocks from which on larger tiles pay: they read less, but there are fewer of them. */
  private static final long MANY = 96;

  private final long high;
  private final long wide;
  private final String kernel;

  Tile(long high, long wide) {
    this.high = high;
    this.wide = wide;
    kernel = "product_" + high + "x" + wide;
  }

  /** Returns the tile for a result of this shape: it follows from that alone. */
  static Tile of(long rows, long columns, long matrices) {
    if (columns <= NARROW.wide) {
      return NARROW;
    }
    if (rows <= FLAT.high) {
      return FLAT;
    }
    if (rows >= LARGE.high
        && columns >= LARGE.wide
        && LARGE.blocks(rows, columns, matrices) >= MANY) {
      return LARGE;
    }
    return rows > SMALL.high && columns > SMALL.wide ? MIDDLE : SMALL;
  }

  /** Returns how many tiles so many results of a shape have. */
  long blocks(long rows, long columns, long matrices) {
    return (rows + high - 1) / high * ((columns + wide - 1) / wide) * matrices;
  }

  /** Returns the kernel's name. */
  String kernel() {
    return kernel;
  }
}
