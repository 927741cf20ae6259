package io.penstock.compute.cuda;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Matrix products by Penstock's own kernels, in float32 whatever the precision asked for. Every
 * number of a result is one sum in ascending order of the inner dimension, or so many sums of equal
 * parts of it as {@link InnerParts} says: so its bits follow from the shape alone. For one thread.
 */
final class TiledMultiplier implements Multiplier {
  /** Slot of scratch memory, for the sums of parts. */
  private static final int SLOT = 7;

  private final Launcher launcher;

  TiledMultiplier(Launcher launcher) {
    this.launcher = launcher;
  }

  @Override
  public void multiply(MatrixProduct asked) {
    MatrixProduct product = asked.withResult(false);
    long count = product.count();
    if (count == 0) {
      return;
    }
    Operand c = product.c();
    long matrices = product.batches() * product.heads();
    Tile tile = Tile.of(c.rows(), c.columns(), matrices);
    long tiles = tile.blocks(c.rows(), c.columns(), matrices);
    InnerParts parts = InnerParts.of(product.inner(), tiles);
    if (parts.count() == 1) {
      launch(product, tile, parts, tiles, 0);
    } else {
      sumParts(product, tile, parts, tiles);
    }
  }

  private void sumParts(MatrixProduct product, Tile tile, InnerParts parts, long tiles) {
    Operand c = product.c();
    long count = product.count();
    INDArray sums = launcher.scratch(SLOT, parts.count() * count);
    long one = c.rows() * c.columns();
    Operand dense =
        new Operand(sums, 0, c.rows(), c.columns(), c.columns(), false, one * product.heads(), one);
    MatrixProduct plain =
        new MatrixProduct(
            product.a(), product.b(), dense, 1, 0, null, false, product.batches(), product.heads());
    launch(plain, tile, parts, tiles * parts.count(), count);
    launcher.kernel("product_sum_of_parts").array(sums).array(c.array(), c.at());
    bias(product)
        .whole(count)
        .whole(c.rows())
        .whole(c.columns())
        .whole(c.leading())
        .whole(product.biasOfRows() ? 1 : 0)
        .whole(product.biasOfRows() ? 0 : 1)
        .number(product.factor())
        .number(product.beta())
        .whole(parts.count())
        .whole(product.heads())
        .whole(c.batchStep())
        .whole(c.headStep())
        .each(count);
  }

  /**
   * Launches a tile's kernel.
   *
   * @param partStep from what a part writes to what the next does
   */
  private void launch(
      MatrixProduct product, Tile tile, InnerParts parts, long blocks, long partStep) {
    Operand a = product.a();
    Operand b = product.b();
    Operand c = product.c();
    launcher
        .kernel(tile.kernel())
        .array(a.array(), a.at())
        .array(b.array(), b.at())
        .array(c.array(), c.at());
    bias(product)
        .whole(c.rows())
        .whole(c.columns())
        .whole(product.inner())
        .whole(a.rowStep())
        .whole(a.columnStep())
        .whole(b.rowStep())
        .whole(b.columnStep())
        .whole(c.leading())
        .whole(product.biasOfRows() ? 1 : 0)
        .whole(product.biasOfRows() ? 0 : 1)
        .number(product.factor())
        .number(product.beta())
        .whole(parts.count())
        .whole(parts.length())
        .whole(partStep)
        .whole(product.heads())
        .whole(a.batchStep())
        .whole(a.headStep())
        .whole(b.batchStep())
        .whole(b.headStep())
        .whole(c.batchStep())
        .whole(c.headStep())
        .blocks(blocks, Tile.THREADS);
  }

  private Launcher bias(MatrixProduct product) {
    return product.bias() == null ? launcher.nothing() : launcher.array(product.bias());
  }

  /** Nothing is kept but the launcher's scratch memory. */
  @Override
  public void clear() {}
}
