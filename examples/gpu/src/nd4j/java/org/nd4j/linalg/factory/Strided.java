package org.nd4j.linalg.factory;

import org.bytedeco.javacpp.indexer.DoubleIndexer;
import org.bytedeco.javacpp.indexer.FloatIndexer;
import org.nd4j.linalg.api.buffer.DataBuffer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.INDArrayIndex;

/**
 * Array over a buffer. Immutable, but for its numbers.
 *
 * @param data null for an array of no numbers
 */
record Strided(
    DataBuffer data, long[] shape, long[] stride, long offset, char ordering, DataType dataType)
    implements INDArray {

  @Override
  public long size(int dimension) {
    return shape[dimension < 0 ? shape.length + dimension : dimension];
  }

  @Override
  public int stride(int dimension) {
    return Math.toIntExact(stride[dimension < 0 ? stride.length + dimension : dimension]);
  }

  @Override
  public int rank() {
    return shape.length;
  }

  @Override
  public long length() {
    if (data == null) {
      return 0;
    }
    long length = 1;
    for (long d : shape) {
      length *= d;
    }
    return length;
  }

  @Override
  public boolean isEmpty() {
    return data == null;
  }

  @Override
  public boolean closeable() {
    return data != null;
  }

  /** Does nothing: memory is freed by whoever allocated it, or by the collector. */
  @Override
  public void close() {}

  @Override
  public INDArray reshape(char order, long... other) {
    return Nd4j.create(data, other, Nd4j.getStrides(other, order), offset, order);
  }

  @Override
  public INDArray get(INDArrayIndex... index) {
    long[] part = {index[0].length()};
    return Nd4j.create(data, part, stride, offset + index[0].offset() * stride[0], ordering);
  }

  /** Returns where the number lies that is at this place row by row. */
  private long at(long place) {
    long at = offset;
    long rest = place;
    for (int d = shape.length - 1; d >= 0; d--) {
      at += rest % shape[d] * stride[d];
      rest /= shape[d];
    }
    return at;
  }

  @Override
  public double getDouble(long place) {
    return dataType == DataType.FLOAT
        ? ((FloatIndexer) data.indexer()).get(at(place))
        : ((DoubleIndexer) data.indexer()).get(at(place));
  }

  @Override
  public INDArray putScalar(long place, double value) {
    if (dataType == DataType.FLOAT) {
      ((FloatIndexer) data.indexer()).put(at(place), (float) value);
    } else {
      ((DoubleIndexer) data.indexer()).put(at(place), value);
    }
    return this;
  }

  @Override
  public INDArray assign(INDArray other) {
    long count = length();
    for (long place = 0; place < count; place++) {
      putScalar(place, other.getDouble(place));
    }
    return this;
  }
}
