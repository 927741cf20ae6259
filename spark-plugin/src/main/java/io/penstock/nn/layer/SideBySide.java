package io.penstock.nn.layer;

import io.penstock.compute.Memory;
import io.penstock.compute.Rows;
import io.penstock.compute.Vectors;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Vectors that lie side by side in longer ones, joined and parted. Stateless. */
final class SideBySide {
  private SideBySide() {}

  /**
   * Returns a part of every vector, as an array of its own.
   *
   * @param whole {@code [..., n]}, densely in 'c' order
   * @param at the part's first number in a vector
   * @param width of the part
   * @return {@code [..., width]}; the array itself where the part is all of it
   */
  static INDArray part(INDArray whole, long at, long width, Memory memory) {
    long step = Vectors.width(whole);
    if (width == step) {
      return whole;
    }
    INDArray part = memory.like(whole, width);
    memory.compute(whole).rows().copyColumns(whole, at, part, 0, width);
    return part;
  }

  /**
   * Returns vectors joined one by one.
   *
   * @param parts {@code [..., n]} each, of as many vectors, densely in 'c' order
   */
  static INDArray join(Memory memory, INDArray... parts) {
    long step = 0;
    for (INDArray part : parts) {
      step += Vectors.width(part);
    }
    INDArray whole = memory.like(parts[0], step);
    Rows rows = memory.compute(whole).rows();
    long at = 0;
    for (INDArray part : parts) {
      long width = Vectors.width(part);
      rows.copyColumns(part, 0, whole, at, width);
      at += width;
    }
    return whole;
  }
}
