package org.nd4j.linalg.indexing;

/** Interval of a vector. */
public interface INDArrayIndex {
  /** Returns the first place. */
  long offset();

  /** Returns how many there are. */
  long length();
}
