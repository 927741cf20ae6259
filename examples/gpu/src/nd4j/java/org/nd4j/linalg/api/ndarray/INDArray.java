package org.nd4j.linalg.api.ndarray;

import org.nd4j.linalg.api.buffer.DataBuffer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.indexing.INDArrayIndex;

/**
 * Array, as far as what runs on any device asks: shape, strides, place, and numbers of the host.
 */
public interface INDArray extends AutoCloseable {
  /** Returns the dimensions. */
  long[] shape();

  /** Returns from a number to the next along each dimension. */
  long[] stride();

  /** Returns a dimension; a negative one counts from the last. */
  long size(int dimension);

  /** Returns from a number to the next along a dimension. */
  int stride(int dimension);

  /** Returns how many dimensions there are. */
  int rank();

  /** Returns how many numbers there are. */
  long length();

  /** Returns where it begins in its memory. */
  long offset();

  /** Returns its memory. */
  DataBuffer data();

  /** Returns the type of its numbers. */
  DataType dataType();

  /** Returns 'c' or 'f'. */
  char ordering();

  /** Returns whether there is no number. */
  boolean isEmpty();

  /** Returns whether {@link #close} may be called. */
  boolean closeable();

  @Override
  void close();

  /** Returns a view in another shape; the numbers lie densely. */
  INDArray reshape(char order, long... shape);

  /** Returns a view of an interval of a vector. */
  INDArray get(INDArrayIndex... index);

  /** Returns the number at this place, counted row by row. */
  double getDouble(long place);

  /** Sets the number at this place, counted row by row. */
  INDArray putScalar(long place, double value);

  /** Takes over all numbers of another. */
  INDArray assign(INDArray other);
}
