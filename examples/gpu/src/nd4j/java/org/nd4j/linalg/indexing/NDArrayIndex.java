package org.nd4j.linalg.indexing;

/**
 * Interval of a vector. Immutable.
 *
 * @param offset the first place
 * @param length how many there are
 */
public record NDArrayIndex(long offset, long length) implements INDArrayIndex {
  /** The interval between two places, the second of which is left out. */
  public static INDArrayIndex interval(long begin, long end) {
    return new NDArrayIndex(begin, end - begin);
  }
}
