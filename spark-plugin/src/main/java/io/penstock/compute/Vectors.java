package io.penstock.compute;

import io.penstock.Internal;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * View of an array as vectors: the numbers along its last dimension, one vector after another in
 * 'c' order. The positions of sequences {@code [rows, length, width]} are so many vectors of {@code
 * width}, as the rows of a matrix {@code [rows · length, width]} are. Stateless.
 */
@Internal
public final class Vectors {
  private Vectors() {}

  /** Returns how many numbers a vector has. */
  public static long width(INDArray array) {
    return array.size(-1);
  }

  /** Returns how many vectors there are. */
  public static long count(INDArray array) {
    return array.rank() == 2 ? array.size(0) : array.length() / width(array);
  }

  /**
   * Returns all vectors as a matrix {@code [count, width]}: a view of an array that lies densely in
   * 'c' order.
   */
  public static INDArray matrix(INDArray dense) {
    return dense.rank() == 2 ? dense : dense.reshape('c', count(dense), width(dense));
  }
}
